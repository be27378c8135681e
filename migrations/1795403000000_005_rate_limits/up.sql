-- The times of the last hits of every limited key: an exact sliding window, shared by all replicas.
-- Unlogged: cheap to write, and a crash only forgives.
CREATE UNLOGGED TABLE IF NOT EXISTS rate_limit (
  key text CONSTRAINT rate_limit_pkey PRIMARY KEY,
  most integer NOT NULL,
  hits timestamptz[] NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 500
);

CREATE INDEX IF NOT EXISTS rate_limit_expires_at_idx ON rate_limit (expires_at);

INSERT INTO migrations (timestamp, name)
SELECT 1795403000000, '005_rate_limits'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '005_rate_limits'
);
