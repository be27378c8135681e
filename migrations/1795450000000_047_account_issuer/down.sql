ALTER TABLE IF EXISTS account DROP COLUMN IF EXISTS issuer;

DELETE FROM migrations WHERE name = '047_account_issuer';
