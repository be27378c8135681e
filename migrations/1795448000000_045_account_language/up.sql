-- The language that the owner of an account chose: mails to it are written in it. NULL, as in every older row: in that of
-- whoever causes the mail.
ALTER TABLE "user" ADD COLUMN IF NOT EXISTS locale text;

INSERT INTO migrations (timestamp, name)
SELECT 1795448000000, '045_account_language'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '045_account_language'
);
