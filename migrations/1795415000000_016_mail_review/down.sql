DROP TABLE IF EXISTS outbox_pause;
DROP INDEX IF EXISTS user_admin_idx;
DROP INDEX IF EXISTS audit_event_actor_id_action_happened_at_id_idx;
DROP INDEX IF EXISTS outbox_letter_refused_idx;
DROP INDEX IF EXISTS outbox_letter_replied_idx;
DROP INDEX IF EXISTS outbox_letter_created_at_id_idx;
DROP INDEX IF EXISTS outbox_letter_status_created_at_id_idx;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS unsubscribe_path;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS unsubscribe_link_id;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS manage_link_id;

DELETE FROM migrations WHERE name = '016_mail_review';
