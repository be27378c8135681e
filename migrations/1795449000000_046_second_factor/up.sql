-- The second factor of an account: the secret that its app makes codes from, and codes for who lost the app.

-- Since when a log-in asks for it; NULL: it does not. It is on this row, which a log-in locks: so a log-in that began before
-- it was switched on starts no session.
ALTER TABLE "user" ADD COLUMN IF NOT EXISTS second_factor_since timestamptz;

CREATE TABLE IF NOT EXISTS second_factor (
  user_id text NOT NULL
    CONSTRAINT second_factor_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  -- The secret, encrypted under a key made of SECRET_KEY.
  sealed bytea NOT NULL,
  -- The half minute (since 1970) of the last code that was used: neither it nor an earlier one works any more.
  last_step bigint NOT NULL,
  CONSTRAINT second_factor_pkey PRIMARY KEY (user_id)
);

-- Each works once, and its row goes with it.
CREATE TABLE IF NOT EXISTS recovery_code (
  user_id text NOT NULL
    CONSTRAINT recovery_code_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  hash text NOT NULL,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, hash)
);

INSERT INTO migrations (timestamp, name)
SELECT 1795449000000, '046_second_factor'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '046_second_factor'
);
