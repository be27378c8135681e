DROP TABLE IF EXISTS waitlist;

DELETE FROM migrations WHERE name = '001_waitlist';
