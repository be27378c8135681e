DROP INDEX IF EXISTS audit_event_entry_id_happened_at_idx;
ALTER TABLE IF EXISTS audit_event DROP COLUMN IF EXISTS entry_id;

DROP TRIGGER IF EXISTS waitlist_count_insert ON waitlist;
DROP TRIGGER IF EXISTS waitlist_count_update ON waitlist;
DROP TRIGGER IF EXISTS waitlist_count_delete ON waitlist;
DROP FUNCTION IF EXISTS waitlist_count();
DROP TABLE IF EXISTS waitlist_change;
DROP TABLE IF EXISTS waitlist_total;
DROP TABLE IF EXISTS waitlist_erased;

DROP INDEX IF EXISTS waitlist_state_created_at_id_idx;
DROP FUNCTION IF EXISTS waitlist_state(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz);

ALTER TABLE waitlist DROP COLUMN IF EXISTS deleted_at;
ALTER TABLE waitlist DROP COLUMN IF EXISTS bounced_at;
ALTER TABLE waitlist DROP COLUMN IF EXISTS left_at;
ALTER TABLE waitlist DROP COLUMN IF EXISTS signed_up_at;
ALTER TABLE waitlist DROP COLUMN IF EXISTS invited_at;
ALTER TABLE waitlist DROP COLUMN IF EXISTS asked_at;
ALTER TABLE waitlist DROP COLUMN IF EXISTS consent;

DELETE FROM migrations WHERE name = '009_waitlist_lifecycle';
