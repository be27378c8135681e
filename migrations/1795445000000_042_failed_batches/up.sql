-- How often the batch of an import failed in a row: its page tells so.
ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS failures integer NOT NULL DEFAULT 0;

INSERT INTO migrations (timestamp, name)
SELECT 1795445000000, '042_failed_batches'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '042_failed_batches'
);
