-- Recovery, devices and what happened: when an account goes, when a session proved its password and
-- was last seen, pictures, and who did what to whom. Rows that exist stay as they are.

-- When the account is deleted: 7 days after the sign-up while its address is not verified, and 7
-- days after its owner asked for it. NULL, as in every older row: never.
ALTER TABLE "user" ADD COLUMN IF NOT EXISTS purge_at timestamptz;
CREATE INDEX IF NOT EXISTS user_purge_at_idx ON "user" (purge_at) WHERE purge_at IS NOT NULL;

-- When its owner last proved the password, and was last seen. NULL in older rows.
ALTER TABLE session ADD COLUMN IF NOT EXISTS authenticated_at timestamptz;
ALTER TABLE session ADD COLUMN IF NOT EXISTS last_seen_at timestamptz;

-- Pictures of 256 x 256 pixels, already compressed.
CREATE TABLE IF NOT EXISTS avatar (
  id text CONSTRAINT avatar_pkey PRIMARY KEY,
  user_id text NOT NULL
    CONSTRAINT avatar_user_id_key UNIQUE
    CONSTRAINT avatar_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  picture bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE avatar ALTER COLUMN picture SET STORAGE EXTERNAL;

-- Who did what to whom. No foreign keys: that an account is gone must not undo what happened.
CREATE TABLE IF NOT EXISTS audit_event (
  id text CONSTRAINT audit_event_pkey PRIMARY KEY,
  happened_at timestamptz NOT NULL,
  action text NOT NULL,
  actor_id text,
  user_id text,
  ip_address text,
  user_agent text,
  details jsonb
);

CREATE INDEX IF NOT EXISTS audit_event_user_id_happened_at_idx
  ON audit_event (user_id, happened_at);
CREATE INDEX IF NOT EXISTS audit_event_actor_id_happened_at_idx
  ON audit_event (actor_id, happened_at);
CREATE INDEX IF NOT EXISTS audit_event_happened_at_id_idx
  ON audit_event (happened_at, id);

INSERT INTO migrations (timestamp, name)
SELECT 1795405000000, '007_account_trust'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '007_account_trust'
);
