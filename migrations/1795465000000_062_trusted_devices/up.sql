-- The devices on which owners do not want to be asked for a code: each can be seen and ended.

CREATE TABLE IF NOT EXISTS trusted_device (
  user_id text NOT NULL
    CONSTRAINT trusted_device_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  -- The SHA-256 of the name in the cookie of the device.
  device text NOT NULL,
  -- A hash of what it was trusted with: this account with this password and this second factor, and no other.
  seal text NOT NULL,
  ip_address text NOT NULL,
  user_agent text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT trusted_device_pkey PRIMARY KEY (user_id, device)
);
CREATE INDEX IF NOT EXISTS trusted_device_expires_at_idx ON trusted_device (expires_at);

INSERT INTO migrations (timestamp, name)
SELECT 1795465000000, '062_trusted_devices'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '062_trusted_devices'
);
