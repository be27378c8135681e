DROP INDEX IF EXISTS waitlist_import_line_unread_idx;
CREATE INDEX IF NOT EXISTS audit_event_details_email_idx
  ON audit_event ((details ->> 'email')) WHERE details ->> 'email' IS NOT NULL;
DROP INDEX IF EXISTS audit_event_addresses_idx;

DELETE FROM migrations WHERE name = '024_erased_names';
