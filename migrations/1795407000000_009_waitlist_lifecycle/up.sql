-- The waitlist's lifecycle: when each step was taken, which text was agreed to, and totals that no
-- page has to count. Rows that exist stay as they are.

ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS consent text;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS asked_at timestamptz;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS invited_at timestamptz;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS signed_up_at timestamptz;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS left_at timestamptz;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS bounced_at timestamptz;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS deleted_at timestamptz;

-- The state of an entry: what happened last in its life. The only place that says so.
CREATE OR REPLACE FUNCTION waitlist_state(
  confirmed_at timestamptz, invited_at timestamptz, signed_up_at timestamptz,
  bounced_at timestamptz, left_at timestamptz, deleted_at timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN deleted_at IS NOT NULL THEN 'deleted'
    WHEN left_at IS NOT NULL THEN 'left'
    WHEN bounced_at IS NOT NULL THEN 'bounced'
    WHEN signed_up_at IS NOT NULL THEN 'signed_up'
    WHEN invited_at IS NOT NULL THEN 'invited'
    WHEN confirmed_at IS NOT NULL THEN 'confirmed'
    ELSE 'joined'
  END
$$;

CREATE INDEX IF NOT EXISTS waitlist_state_created_at_id_idx ON waitlist (
  waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at),
  created_at, id
);

-- Addresses that were erased, as keyed hashes: an import must not bring them back.
CREATE TABLE IF NOT EXISTS waitlist_erased (
  key text CONSTRAINT waitlist_erased_pkey PRIMARY KEY,
  erased_at timestamptz NOT NULL DEFAULT now()
);

-- Entries by the day they joined (in Chile), role and state; NULL-free, so that sums add up.
CREATE TABLE IF NOT EXISTS waitlist_total (
  day date NOT NULL,
  role text NOT NULL,
  state text NOT NULL,
  entries bigint NOT NULL,
  CONSTRAINT waitlist_total_pkey PRIMARY KEY (day, role, state)
);

-- What changed since the totals were last brought up to date: every write adds rows of its own, so
-- that no two of them wait for each other. A total is the sum over both tables.
CREATE TABLE IF NOT EXISTS waitlist_change (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_change_pkey PRIMARY KEY,
  day date NOT NULL,
  role text NOT NULL,
  state text NOT NULL,
  entries bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

CREATE OR REPLACE FUNCTION waitlist_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('UPDATE', 'DELETE') THEN
    INSERT INTO waitlist_change (day, role, state, entries)
    SELECT (created_at AT TIME ZONE 'America/Santiago')::date,
           CASE role WHEN 'professional' THEN 'employee' ELSE role END,
           waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), -count(*)
    FROM before GROUP BY 1, 2, 3;
  END IF;
  IF TG_OP IN ('UPDATE', 'INSERT') THEN
    INSERT INTO waitlist_change (day, role, state, entries)
    SELECT (created_at AT TIME ZONE 'America/Santiago')::date,
           CASE role WHEN 'professional' THEN 'employee' ELSE role END,
           waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), count(*)
    FROM after GROUP BY 1, 2, 3;
  END IF;
  RETURN NULL;
END
$$;

-- Counting starts from what is there, with no write in between.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_trigger WHERE tgrelid = 'waitlist'::regclass AND tgname = 'waitlist_count_insert'
  ) THEN
    LOCK TABLE waitlist IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM waitlist_change;
    DELETE FROM waitlist_total;
    INSERT INTO waitlist_total (day, role, state, entries)
    SELECT (created_at AT TIME ZONE 'America/Santiago')::date,
           CASE role WHEN 'professional' THEN 'employee' ELSE role END,
           waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), count(*)
    FROM waitlist GROUP BY 1, 2, 3;
    CREATE TRIGGER waitlist_count_insert AFTER INSERT ON waitlist
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count();
    CREATE TRIGGER waitlist_count_update AFTER UPDATE ON waitlist
      REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count();
    CREATE TRIGGER waitlist_count_delete AFTER DELETE ON waitlist
      REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count();
  END IF;
END
$$;

-- What happened to an entry stands among what happened to accounts.
ALTER TABLE audit_event ADD COLUMN IF NOT EXISTS entry_id bigint;
CREATE INDEX IF NOT EXISTS audit_event_entry_id_happened_at_idx
  ON audit_event (entry_id, happened_at) WHERE entry_id IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795407000000, '009_waitlist_lifecycle'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '009_waitlist_lifecycle'
);
