-- The waitlist, to the letter: an existing database keeps its own.

CREATE TABLE IF NOT EXISTS waitlist (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_pkey PRIMARY KEY,
  email text NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

DO $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_constraint
    WHERE conrelid = 'waitlist'::regclass AND conname = 'waitlist_email_key'
  ) THEN
    ALTER TABLE waitlist ADD CONSTRAINT waitlist_email_key UNIQUE (email);
  END IF;
END
$$;

CREATE INDEX IF NOT EXISTS waitlist_email_idx ON waitlist (email);
CREATE INDEX IF NOT EXISTS waitlist_role_idx ON waitlist (role);

CREATE TABLE IF NOT EXISTS migrations (
  timestamp bigint CONSTRAINT migrations_pkey PRIMARY KEY,
  name text NOT NULL
);

INSERT INTO migrations (timestamp, name)
SELECT 1737450000000, '001_waitlist'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '001_waitlist'
);
