-- The waitlist: when the address was confirmed, the language it joined in, and the order of the
-- admin's pages.

ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS confirmed_at timestamptz;
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS locale text;

-- Not unique: two older rows may differ by case alone.
CREATE INDEX IF NOT EXISTS waitlist_email_lower_idx ON waitlist (lower(email));
CREATE INDEX IF NOT EXISTS waitlist_created_at_id_idx ON waitlist (created_at, id);
CREATE INDEX IF NOT EXISTS waitlist_role_created_at_id_idx ON waitlist (role, created_at, id);

INSERT INTO migrations (timestamp, name)
SELECT 1795401000000, '003_waitlist_confirmation'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '003_waitlist_confirmation'
);
