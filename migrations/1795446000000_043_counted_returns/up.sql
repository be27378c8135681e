-- How many places came back when a deletion was undone; unknown of those that were undone before this was counted.
ALTER TABLE waitlist_deletion ADD COLUMN IF NOT EXISTS restored bigint;

INSERT INTO migrations (timestamp, name)
SELECT 1795446000000, '043_counted_returns'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '043_counted_returns'
);
