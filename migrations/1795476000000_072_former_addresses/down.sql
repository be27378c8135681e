DROP INDEX IF EXISTS audit_event_former_email_idx;

DELETE FROM migrations WHERE name = '072_former_addresses';
