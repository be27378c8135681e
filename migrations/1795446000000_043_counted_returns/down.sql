ALTER TABLE IF EXISTS waitlist_deletion DROP COLUMN IF EXISTS restored;

DELETE FROM migrations WHERE name = '043_counted_returns';
