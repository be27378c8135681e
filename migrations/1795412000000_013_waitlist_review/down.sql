DROP INDEX IF EXISTS audit_event_action_happened_at_id_idx;
DROP TABLE IF EXISTS gate_total;
DROP INDEX IF EXISTS waitlist_search_idx;
DROP INDEX IF EXISTS waitlist_filter_idx;
DROP INDEX IF EXISTS waitlist_twin_key_idx;
DROP FUNCTION IF EXISTS waitlist_twin_key(text);
DROP TABLE IF EXISTS waitlist_deletion;
DROP INDEX IF EXISTS waitlist_asked_at_idx;
DROP INDEX IF EXISTS waitlist_deleted_at_idx;
DROP INDEX IF EXISTS waitlist_import_id_idx;
DROP INDEX IF EXISTS waitlist_deletion_id_idx;
ALTER TABLE waitlist DROP COLUMN IF EXISTS import_id;
ALTER TABLE waitlist DROP COLUMN IF EXISTS deletion_id;
ALTER TABLE waitlist DROP COLUMN IF EXISTS signals;

DELETE FROM migrations WHERE name = '013_waitlist_review';
