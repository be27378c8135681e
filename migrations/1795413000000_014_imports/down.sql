DROP INDEX IF EXISTS waitlist_to_ask_idx;
DROP TABLE IF EXISTS waitlist_import_line;
DROP TABLE IF EXISTS waitlist_import;

DELETE FROM migrations WHERE name = '014_imports';
