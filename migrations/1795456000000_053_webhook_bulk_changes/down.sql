-- As in 050_webhook_events.
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

DELETE FROM migrations WHERE name = '053_webhook_bulk_changes';
