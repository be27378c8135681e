-- When a batch that failed is run again: until then the imports behind it go on.
ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS retry_at timestamptz;

INSERT INTO migrations (timestamp, name)
SELECT 1795422000000, '023_import_retries'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '023_import_retries'
);
