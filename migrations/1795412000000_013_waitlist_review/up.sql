-- The admin's list of the waitlist: searched and filtered at a million rows, its bulk acts, and signs of machines.

-- What spoke against a person when the place was taken: scored, never blocked. NULL in older rows.
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS signals text[];
-- The bulk act that deleted the entry, and the import that brought it.
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS deletion_id text;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS import_id text;

CREATE INDEX IF NOT EXISTS waitlist_deletion_id_idx ON waitlist (deletion_id) WHERE deletion_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS waitlist_import_id_idx ON waitlist (import_id, id) WHERE import_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS waitlist_deleted_at_idx ON waitlist (deleted_at) WHERE deleted_at IS NOT NULL;
-- Who was asked and has not answered; rows of the old application were never asked.
CREATE INDEX IF NOT EXISTS waitlist_asked_at_idx ON waitlist (asked_at)
  WHERE confirmed_at IS NULL AND asked_at IS NOT NULL;

-- A deletion of many places at once, which can be undone while they are kept.
CREATE TABLE IF NOT EXISTS waitlist_deletion (
  id text CONSTRAINT waitlist_deletion_pkey PRIMARY KEY,
  made_at timestamptz NOT NULL,
  made_by text,
  filter text NOT NULL,
  entries bigint NOT NULL,
  undone_at timestamptz
);

-- The address as a mailbox would know it: without what Gmail and most others ignore. Only to tell likely twins,
-- which are never merged.
CREATE OR REPLACE FUNCTION waitlist_twin_key(email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN split_part(lower(email), '@', 2) IN ('gmail.com', 'googlemail.com')
      THEN replace(split_part(split_part(lower(email), '@', 1), '+', 1), '.', '') || '@gmail.com'
    ELSE split_part(split_part(lower(email), '@', 1), '+', 1) || '@' || split_part(lower(email), '@', 2)
  END
$$;
CREATE INDEX IF NOT EXISTS waitlist_twin_key_idx ON waitlist (waitlist_twin_key(email));

-- One index for every search, as for users (008_user_search says why and how): the week, role and state, the first
-- letters, and the parts of three letters of the address.
DO $$
DECLARE
  columns text := $columns$
    (ARRAY[floor(date_part('epoch', created_at AT TIME ZONE 'UTC') / 604800)]),
    (ARRAY[
      CASE role WHEN 'organization' THEN role ELSE 'employee' END,
      waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)
    ]),
    (ARRAY[left(lower(email), 1), left(lower(email), 2)])
  $columns$;
  trigrams text := $trigrams$, (lower(email)) %I.gin_trgm_ops$trigrams$;
  home name;
BEGIN
  SELECT nspname INTO home
  FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
  WHERE extname = 'pg_trgm' AND has_schema_privilege(extnamespace, 'USAGE');
  IF home IS NULL THEN
    EXECUTE 'CREATE INDEX IF NOT EXISTS waitlist_filter_idx ON waitlist USING gin (' || columns
      || ') WITH (gin_pending_list_limit = 64)';
  ELSE
    EXECUTE 'CREATE INDEX IF NOT EXISTS waitlist_search_idx ON waitlist USING gin (' || columns
      || format(trigrams, home) || ') WITH (gin_pending_list_limit = 64)';
    DROP INDEX IF EXISTS waitlist_filter_idx;
  END IF;
END
$$;

-- What the gates held off, by day (in Chile) and reason.
CREATE TABLE IF NOT EXISTS gate_total (
  day date NOT NULL,
  reason text NOT NULL,
  hits bigint NOT NULL,
  CONSTRAINT gate_total_pkey PRIMARY KEY (day, reason)
);

-- What happened, by kind.
CREATE INDEX IF NOT EXISTS audit_event_action_happened_at_id_idx ON audit_event (action, happened_at, id);

INSERT INTO migrations (timestamp, name)
SELECT 1795412000000, '013_waitlist_review'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '013_waitlist_review'
);
