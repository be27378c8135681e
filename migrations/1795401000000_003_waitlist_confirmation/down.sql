DROP INDEX IF EXISTS waitlist_role_created_at_id_idx;
DROP INDEX IF EXISTS waitlist_created_at_id_idx;
DROP INDEX IF EXISTS waitlist_email_lower_idx;

ALTER TABLE waitlist DROP COLUMN IF EXISTS locale;
ALTER TABLE waitlist DROP COLUMN IF EXISTS confirmed_at;

DELETE FROM migrations WHERE name = '003_waitlist_confirmation';
