ALTER TABLE IF EXISTS waitlist_import DROP COLUMN IF EXISTS retry_at;

DELETE FROM migrations WHERE name = '023_import_retries';
