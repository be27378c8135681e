-- Accounts: the password hash, what a repeated sign-up would set, the organization's key, and the
-- indexes of every search. Rows that exist stay as they are, so nothing here demands more of them.

ALTER TABLE account ADD COLUMN IF NOT EXISTS password text;

-- Name, profession, type and password hash that a repeated sign-up of an unverified address sets
-- once its own link is confirmed.
ALTER TABLE verification ADD COLUMN IF NOT EXISTS pending jsonb;

-- Existing rows may name organizations that are gone. NOT VALID holds new rows to the rule and
-- leaves those alone; where there are none, the constraint is validated at once.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_constraint
    WHERE conrelid = '"user"'::regclass AND conname = 'user_organization_id_fkey'
  ) THEN
    ALTER TABLE "user" ADD CONSTRAINT user_organization_id_fkey
      FOREIGN KEY ("organizationId") REFERENCES "user" (id) ON DELETE SET NULL NOT VALID;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM "user" AS member
    WHERE member."organizationId" IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM "user" AS organization WHERE organization.id = member."organizationId"
      )
  ) THEN
    ALTER TABLE "user" VALIDATE CONSTRAINT user_organization_id_fkey;
  END IF;
END
$$;

-- Not unique: two older accounts may differ by case alone.
CREATE INDEX IF NOT EXISTS user_email_lower_idx ON "user" (lower(email));
CREATE INDEX IF NOT EXISTS user_organization_id_idx ON "user" ("organizationId");
CREATE INDEX IF NOT EXISTS user_created_at_id_idx ON "user" ("createdAt", id);

CREATE INDEX IF NOT EXISTS account_user_id_idx ON account (user_id);

CREATE INDEX IF NOT EXISTS session_user_id_idx ON session (user_id);
CREATE INDEX IF NOT EXISTS session_expires_at_idx ON session (expires_at);

-- Hash: Better Auth keeps JSON of any length here, more than a btree can hold.
CREATE INDEX IF NOT EXISTS verification_identifier_idx ON verification USING hash (identifier);
CREATE INDEX IF NOT EXISTS verification_value_idx ON verification USING hash (value);
CREATE INDEX IF NOT EXISTS verification_expires_at_idx ON verification ("expiresAt");

INSERT INTO migrations (timestamp, name)
SELECT 1795400000000, '002_accounts'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '002_accounts'
);
