-- Since when an organization manages an account, and who deactivated it: an organization may lift
-- only what it did itself. NULL in every older row: nobody knows.
ALTER TABLE "user" ADD COLUMN IF NOT EXISTS managed_since timestamptz;
ALTER TABLE "user" ADD COLUMN IF NOT EXISTS deactivated_by text;

INSERT INTO migrations (timestamp, name)
SELECT 1795409000000, '011_membership'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '011_membership'
);
