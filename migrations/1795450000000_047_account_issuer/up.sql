-- Log-in with other providers.

-- Which issuer made the subject of an account at another provider: the same name with another issuer is refused. NULL, as
-- in every older row: not known until its next log-in. A newer version of the old application has this column too.
ALTER TABLE account ADD COLUMN IF NOT EXISTS issuer text;

INSERT INTO migrations (timestamp, name)
SELECT 1795450000000, '047_account_issuer'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '047_account_issuer'
);
