-- Each attempt to log in with another provider is used once.

-- Attempts that came back, for as long as their cookie would let them come back again. The state by its SHA-256.
CREATE TABLE IF NOT EXISTS provider_attempt (
  state bytea CONSTRAINT provider_attempt_pkey PRIMARY KEY,
  used_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS provider_attempt_used_at_idx ON provider_attempt (used_at);

INSERT INTO migrations (timestamp, name)
SELECT 1795451000000, '048_provider_attempts'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '048_provider_attempts'
);
