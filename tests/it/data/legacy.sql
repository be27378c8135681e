-- A database made by hand from the seed, with the rows that real use leaves behind.

CREATE TABLE "user" (
  id text PRIMARY KEY,
  email text UNIQUE NOT NULL,
  name text,
  "isEmailVerified" boolean DEFAULT false,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now(),
  
  -- Custom fields
  "isActive" boolean DEFAULT true,
  avatar text,
  profession text NOT NULL,
  "verificationToken" text,
  type text NOT NULL,  -- 'employee' or 'organization'
  "organizationId" text
);

CREATE TABLE "account" (
  id text PRIMARY KEY,
  "user_id" text NOT NULL REFERENCES "user"(id) ON DELETE CASCADE,
  provider text NOT NULL,
  "provideraccountid" text NOT NULL,
  "access_token" text,
  "refresh_token" text,
  "expires_at" bigint,
  "refreshTokenExpiresAt" bigint,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "updated_at" timestamptz NOT NULL DEFAULT now(),
  
  UNIQUE(provider, "provideraccountid")
);

CREATE TABLE "session" (
  id text PRIMARY KEY,
  "user_id" text NOT NULL REFERENCES "user"(id) ON DELETE CASCADE,
  token text UNIQUE NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "ip_address" text,
  "user_agent" text,
  "created_at" timestamptz NOT NULL DEFAULT now(),
  "updated_at" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE "verification" (
  id text PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  "expiresAt" timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS waitlist (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Unique constraint for duplicate email prevention
ALTER TABLE waitlist 
  ADD CONSTRAINT waitlist_email_key UNIQUE (email);

-- Index on email for fast lookups
CREATE INDEX waitlist_email_idx ON waitlist (email);

-- Index on role for filtering
CREATE INDEX waitlist_role_idx ON waitlist (role);

CREATE TABLE IF NOT EXISTS migrations (
  timestamp bigint PRIMARY KEY,
  name text NOT NULL
);

-- Register migration
INSERT INTO migrations (timestamp, name)
SELECT 1737450000000, '001_waitlist'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '001_waitlist'
);

-- Rows.

INSERT INTO "user" (id, email, name, "isEmailVerified", "createdAt", "updatedAt", "isActive", avatar,
                    profession, "verificationToken", type, "organizationId") VALUES
  -- A plain one, then one whose address differs by case alone.
  ('pGx2mVq8Zb1kT4nYw7cRd0LfSjHuEo3A', 'ana.rojas@example.cl', 'Ana Rojas', true,
   '2025-01-21 09:00:00.123456+00', '2025-01-22 10:00:00+00', true, 'https://cdn.example.cl/ana.png',
   'Biotechnologist', NULL, 'employee', 'org-1'),
  ('legacy-2', 'Ana.Rojas@Example.CL', 'Ana R.', false,
   '2025-01-21 09:00:00.123456+00', '2025-01-21 09:00:00.123456+00', true, NULL,
   'Chemical Engineer', 'raw-token-of-the-old-system', 'employee', NULL),
  -- NULL flags and no name.
  ('legacy-3', 'nulls@example.cl', NULL, NULL,
   '2025-02-01 00:00:00+00', '2025-02-01 00:00:00+00', NULL, NULL, '', NULL, 'employee', NULL),
  ('legacy-4', 'INACTIVE@EXAMPLE.CL', 'Ñandú Muñoz', true,
   '2025-02-02 00:00:00+00', '2025-02-03 00:00:00+00', false, NULL, 'Bioquímica', '', 'employee', 'org-1'),
  ('org-1', 'Contacto@Laboratorio.cl', 'Laboratorio Andes SpA', true,
   '2025-01-20 12:00:00+00', '2025-01-20 12:00:00+00', true, NULL, '', NULL, 'organization', NULL),
  -- Managed by an organization that is gone; its type is the old word.
  ('legacy-6', 'huerfano@example.cl', 'Sin Organización', true,
   '2025-03-01 00:00:00+00', '2025-03-01 00:00:00+00', true, NULL, 'Biologist', NULL, 'professional',
   'org-that-is-gone'),
  ('legacy-7', ' spaces+tag@example.cl ', 'Espacios', NULL,
   '1999-12-31 23:59:59+00', '2199-01-01 00:00:00+00', NULL, NULL, 'x', NULL, '', '');

INSERT INTO account (id, user_id, provider, provideraccountid, access_token, refresh_token, expires_at,
                     "refreshTokenExpiresAt", created_at, updated_at) VALUES
  ('acc-1', 'pGx2mVq8Zb1kT4nYw7cRd0LfSjHuEo3A', 'credential', 'pGx2mVq8Zb1kT4nYw7cRd0LfSjHuEo3A',
   NULL, NULL, NULL, NULL, '2025-01-21 09:00:00+00', '2025-01-21 09:00:00+00'),
  ('acc-2', 'pGx2mVq8Zb1kT4nYw7cRd0LfSjHuEo3A', 'google', '117520941830512345678',
   'ya29.opaque', '1//opaque', 1737450000, 9223372036854775807, '2025-01-21 09:00:00+00',
   '2025-01-21 09:00:00+00'),
  ('acc-3', 'legacy-2', 'credential', 'legacy-2', NULL, NULL, NULL, NULL,
   '2025-01-21 09:00:00+00', '2025-01-21 09:00:00+00'),
  ('acc-4', 'org-1', 'credential', 'org-1', NULL, NULL, NULL, NULL, '2025-01-20 12:00:00+00',
   '2025-01-20 12:00:00+00');

INSERT INTO session (id, user_id, token, expires_at, ip_address, user_agent, created_at, updated_at) VALUES
  ('ses-1', 'pGx2mVq8Zb1kT4nYw7cRd0LfSjHuEo3A', 'a-raw-token-not-a-hash', '2025-01-28 09:00:00+00',
   '190.160.0.1', 'Mozilla/5.0', '2025-01-21 09:00:00+00', '2025-01-21 09:00:00+00'),
  ('ses-2', 'legacy-3', 'another-raw-token', '2199-01-01 00:00:00+00', '', NULL,
   '2025-02-01 00:00:00+00', '2025-02-01 00:00:00+00');

INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") VALUES
  ('ver-1', 'Ana.Rojas@Example.CL', 'raw-token-of-the-old-system', '2025-01-22 09:00:00+00',
   '2025-01-21 09:00:00+00', '2025-01-21 09:00:00+00'),
  -- The same value twice.
  ('ver-2', 'reset-password:abc', 'same', '2025-01-22 09:00:00+00', '2025-01-21 09:00:00+00',
   '2025-01-21 09:00:00+00'),
  ('ver-3', 'reset-password:abc', 'same', '2025-01-22 09:00:00+00', '2025-01-21 09:00:00+00',
   '2025-01-21 09:00:00+00'),
  -- The state of an OAuth round trip: JSON, too long and too irregular for a btree.
  ('ver-4', 'oauth-state', '{"callbackURL":"' ||
     (SELECT string_agg(md5(n::text), '' ORDER BY n) FROM generate_series(1, 400) AS n) || '"}',
   '2025-01-22 09:00:00+00', '2025-01-21 09:00:00+00', '2025-01-21 09:00:00+00');

INSERT INTO waitlist (email, role, created_at) VALUES
  ('Maria.Perez@Example.CL', 'professional', '2025-01-21 12:00:00+00'),
  ('maria.perez@example.cl', 'employee', '2025-01-21 12:00:00+00'),
  ('rrhh@laboratorio.cl', 'organization', '2025-01-21 12:00:00.000001+00'),
  ('EMPRESA@ANTIGUA.CL', 'empresa', '2024-12-31 23:59:59.999999+00'),
  (' con.espacios@example.cl', '', '2025-01-22 00:00:00+00');
-- A gap in the identities.
DELETE FROM waitlist WHERE email = 'rrhh@laboratorio.cl';
INSERT INTO waitlist (email, role, created_at) VALUES
  ('rrhh@laboratorio.cl', 'organization', '2025-01-23 00:00:00+00');
