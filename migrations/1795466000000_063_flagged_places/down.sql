DROP INDEX IF EXISTS waitlist_flagged_idx;

DELETE FROM migrations WHERE name = '063_flagged_places';
