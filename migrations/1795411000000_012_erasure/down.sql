DROP INDEX IF EXISTS audit_event_details_email_idx;

DELETE FROM migrations WHERE name = '012_erasure';
