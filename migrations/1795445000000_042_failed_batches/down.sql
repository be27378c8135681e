ALTER TABLE IF EXISTS waitlist_import DROP COLUMN IF EXISTS failures;

DELETE FROM migrations WHERE name = '042_failed_batches';
