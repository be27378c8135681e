CREATE INDEX IF NOT EXISTS waitlist_import_line_unread_idx ON waitlist_import_line (import_id, line)
  WHERE email IS NULL;
DROP INDEX IF EXISTS waitlist_import_line_rejects_idx;
DROP INDEX IF EXISTS waitlist_import_line_mentions_idx;
DROP FUNCTION IF EXISTS waitlist_mentions(text);

DELETE FROM migrations WHERE name = '035_named_in_import_lines';
