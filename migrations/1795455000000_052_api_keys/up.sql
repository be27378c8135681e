-- Keys by which programs use the API. The text of a key is nowhere: only its SHA-256 and its first characters, by which
-- admins know it again.
CREATE TABLE IF NOT EXISTS api_key (
  id text CONSTRAINT api_key_pkey PRIMARY KEY,
  name text NOT NULL,
  beginning text NOT NULL,
  hash text NOT NULL CONSTRAINT api_key_hash_key UNIQUE,
  access text NOT NULL,
  made_at timestamptz NOT NULL,
  made_by text,
  expires_at timestamptz,
  last_used_on date,
  revoked_at timestamptz
);

-- The key that did it, as admins know it. NULL in every older row, and where no key did.
ALTER TABLE audit_event ADD COLUMN IF NOT EXISTS key_name text;

INSERT INTO migrations (timestamp, name)
SELECT 1795455000000, '052_api_keys'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '052_api_keys'
);
