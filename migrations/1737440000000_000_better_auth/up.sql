-- The tables of Better Auth, to the letter: an existing database keeps its own.

CREATE TABLE IF NOT EXISTS "user" (
  id text CONSTRAINT user_pkey PRIMARY KEY,
  email text CONSTRAINT user_email_key UNIQUE NOT NULL,
  name text,
  "isEmailVerified" boolean DEFAULT false,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  "isActive" boolean DEFAULT true,
  avatar text,
  profession text NOT NULL,
  "verificationToken" text,
  type text NOT NULL,
  "organizationId" text
);

CREATE TABLE IF NOT EXISTS account (
  id text CONSTRAINT account_pkey PRIMARY KEY,
  user_id text NOT NULL
    CONSTRAINT account_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  provider text NOT NULL,
  provideraccountid text NOT NULL,
  access_token text,
  refresh_token text,
  expires_at bigint,
  "refreshTokenExpiresAt" bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT account_provider_provideraccountid_key UNIQUE (provider, provideraccountid)
);

CREATE TABLE IF NOT EXISTS session (
  id text CONSTRAINT session_pkey PRIMARY KEY,
  user_id text NOT NULL
    CONSTRAINT session_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  token text CONSTRAINT session_token_key UNIQUE NOT NULL,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS verification (
  id text CONSTRAINT verification_pkey PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  "expiresAt" timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

-- Every migration registers itself here under the timestamp and the name of its folder.
CREATE TABLE IF NOT EXISTS migrations (
  timestamp bigint CONSTRAINT migrations_pkey PRIMARY KEY,
  name text NOT NULL
);

INSERT INTO migrations (timestamp, name)
SELECT 1737440000000, '000_better_auth'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '000_better_auth'
);
