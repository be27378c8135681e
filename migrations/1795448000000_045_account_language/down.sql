ALTER TABLE IF EXISTS "user" DROP COLUMN IF EXISTS locale;

DELETE FROM migrations WHERE name = '045_account_language';
