-- Events are recorded by triggers, in the statement of what happened: every way leads through them, that of an import, of a
-- command or of the old application included, and while there is no endpoint nobody sends a statement more. The endpoints
-- are read in the same transaction, so every replica knows at once whom to tell. An endpoint that is paused or off is
-- told later; one that was never switched on is not.

CREATE OR REPLACE FUNCTION webhook_time(moment timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- What is told of an entry: no address.
CREATE OR REPLACE FUNCTION webhook_entry_data(
  id bigint, role text, created_at timestamptz, confirmed_at timestamptz, invited_at timestamptz,
  signed_up_at timestamptz, bounced_at timestamptz, left_at timestamptz, deleted_at timestamptz
) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
    'id', id,
    'role', CASE role WHEN 'professional' THEN 'employee' ELSE role END,
    'state', waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at),
    'joined_at', webhook_time(created_at),
    'confirmed_at', webhook_time(confirmed_at),
    'invited_at', webhook_time(invited_at),
    'signed_up_at', webhook_time(signed_up_at),
    'bounced_at', webhook_time(bounced_at),
    'left_at', webhook_time(left_at)))
$$;

CREATE OR REPLACE FUNCTION webhook_address(with_address boolean, email text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN with_address THEN jsonb_build_object('email', email) ELSE '{}'::jsonb END
$$;

CREATE OR REPLACE FUNCTION webhook_record_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    -- Nothing that names the person is kept, nor sent any more.
    DELETE FROM webhook_delivery WHERE subject = ANY (ARRAY(SELECT 'entry:' || id FROM before));
  END IF;
  IF NOT EXISTS (SELECT FROM webhook WHERE state <> 'new') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, event.name, 'entry:' || entry.id,
           webhook_entry_data(entry.id, role, entry.created_at, confirmed_at, invited_at, signed_up_at, bounced_at,
                              left_at, deleted_at) || webhook_address(webhook.with_address, entry.email),
           event.at
    FROM after AS entry
    CROSS JOIN LATERAL (VALUES
      (1, 'waitlist.joined', entry.created_at),
      (2, 'waitlist.confirmed', entry.confirmed_at)
    ) AS event (turn, name, at)
    JOIN webhook ON webhook.state <> 'new' AND event.name = ANY (webhook.events)
    WHERE event.at IS NOT NULL
    ORDER BY entry.id, event.turn;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, event.name, 'entry:' || entry.id,
           webhook_entry_data(entry.id, entry.role, entry.created_at, entry.confirmed_at, entry.invited_at,
                              entry.signed_up_at, entry.bounced_at, entry.left_at, entry.deleted_at)
             || webhook_address(webhook.with_address, entry.email),
           event.at
    FROM after AS entry JOIN before AS was ON was.id = entry.id
    CROSS JOIN LATERAL (VALUES
      (1, 'waitlist.confirmed', CASE WHEN was.confirmed_at IS NULL THEN entry.confirmed_at END),
      -- Whoever is invited once more is told of once more.
      (2, 'waitlist.invited', CASE WHEN was.invited_at IS DISTINCT FROM entry.invited_at THEN entry.invited_at END),
      (3, 'waitlist.bounced', CASE WHEN was.bounced_at IS NULL THEN entry.bounced_at END),
      (4, 'waitlist.signed_up', CASE WHEN was.signed_up_at IS NULL THEN entry.signed_up_at END),
      (5, 'waitlist.left', CASE WHEN was.left_at IS NULL THEN entry.left_at END)
    ) AS event (turn, name, at)
    JOIN webhook ON webhook.state <> 'new' AND event.name = ANY (webhook.events)
    WHERE event.at IS NOT NULL
    ORDER BY entry.id, event.turn;
  ELSE
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, 'waitlist.erased', 'entry:' || entry.id,
           jsonb_build_object('id', entry.id, 'state', 'erased'), now()
    FROM before AS entry
    JOIN webhook ON webhook.state <> 'new' AND 'waitlist.erased' = ANY (webhook.events)
    ORDER BY entry.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION webhook_record_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM webhook_delivery WHERE subject = ANY (ARRAY(SELECT 'account:' || id FROM before));
  END IF;
  IF NOT EXISTS (SELECT FROM webhook WHERE state <> 'new') THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, event.name, 'account:' || account.id,
           jsonb_build_object('id', account.id, 'type', account.type, 'state', event.state,
                              'created_at', webhook_time(account."createdAt"))
             || webhook_address(webhook.with_address, account.email),
           account."createdAt"
    FROM after AS account
    CROSS JOIN LATERAL (VALUES
      (1, 'account.created', true, CASE WHEN account."isEmailVerified" THEN 'verified' ELSE 'unverified' END),
      (2, 'account.verified', account."isEmailVerified" IS true, 'verified')
    ) AS event (turn, name, has_happened, state)
    JOIN webhook ON webhook.state <> 'new' AND event.name = ANY (webhook.events)
    WHERE event.has_happened
    ORDER BY account.id, event.turn;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, 'account.verified', 'account:' || account.id,
           jsonb_build_object('id', account.id, 'type', account.type, 'state', 'verified',
                              'created_at', webhook_time(account."createdAt"))
             || webhook_address(webhook.with_address, account.email),
           account."updatedAt"
    FROM after AS account JOIN before AS was ON was.id = account.id
    JOIN webhook ON webhook.state <> 'new' AND 'account.verified' = ANY (webhook.events)
    WHERE account."isEmailVerified" AND was."isEmailVerified" IS NOT true
    ORDER BY account.id;
  ELSE
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, 'account.deleted', 'account:' || account.id,
           jsonb_build_object('id', account.id, 'state', 'deleted'), now()
    FROM before AS account
    JOIN webhook ON webhook.state <> 'new' AND 'account.deleted' = ANY (webhook.events)
    ORDER BY account.id;
  END IF;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS waitlist_webhook_insert ON waitlist;
CREATE TRIGGER waitlist_webhook_insert AFTER INSERT ON waitlist
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_entries();
DROP TRIGGER IF EXISTS waitlist_webhook_update ON waitlist;
CREATE TRIGGER waitlist_webhook_update AFTER UPDATE ON waitlist
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_entries();
DROP TRIGGER IF EXISTS waitlist_webhook_delete ON waitlist;
CREATE TRIGGER waitlist_webhook_delete AFTER DELETE ON waitlist
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_entries();

DROP TRIGGER IF EXISTS user_webhook_insert ON "user";
CREATE TRIGGER user_webhook_insert AFTER INSERT ON "user"
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_accounts();
DROP TRIGGER IF EXISTS user_webhook_update ON "user";
CREATE TRIGGER user_webhook_update AFTER UPDATE ON "user"
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_accounts();
DROP TRIGGER IF EXISTS user_webhook_delete ON "user";
CREATE TRIGGER user_webhook_delete AFTER DELETE ON "user"
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_accounts();

INSERT INTO migrations (timestamp, name)
SELECT 1795453000000, '050_webhook_events'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '050_webhook_events'
);
