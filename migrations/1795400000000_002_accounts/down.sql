DROP INDEX IF EXISTS verification_expires_at_idx;
DROP INDEX IF EXISTS verification_value_idx;
DROP INDEX IF EXISTS verification_identifier_idx;
DROP INDEX IF EXISTS session_expires_at_idx;
DROP INDEX IF EXISTS session_user_id_idx;
DROP INDEX IF EXISTS account_user_id_idx;
DROP INDEX IF EXISTS user_created_at_id_idx;
DROP INDEX IF EXISTS user_organization_id_idx;
DROP INDEX IF EXISTS user_email_lower_idx;

ALTER TABLE "user" DROP CONSTRAINT IF EXISTS user_organization_id_fkey;
ALTER TABLE verification DROP COLUMN IF EXISTS pending;

-- The column may be older than this migration, and a lost password hash cannot be had back.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE to_jsonb(account) ->> 'password' IS NOT NULL) THEN
    ALTER TABLE account DROP COLUMN IF EXISTS password;
  END IF;
END
$$;

DELETE FROM migrations WHERE name = '002_accounts';
