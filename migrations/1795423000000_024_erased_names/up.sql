-- An erased address is looked for wherever a text may name it.

-- The few events that name any address, plain or in a filter; it takes the place of the index of one such detail.
CREATE INDEX IF NOT EXISTS audit_event_addresses_idx ON audit_event (id) WHERE details::text ~ '@|%40';
DROP INDEX IF EXISTS audit_event_details_email_idx;

-- The lines of imports whose address could not be read; the others are found by it.
CREATE INDEX IF NOT EXISTS waitlist_import_line_unread_idx ON waitlist_import_line (import_id, line)
  WHERE email IS NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795423000000, '024_erased_names'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '024_erased_names'
);
