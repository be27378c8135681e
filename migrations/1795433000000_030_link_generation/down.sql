ALTER TABLE IF EXISTS waitlist DROP COLUMN IF EXISTS generation;

DELETE FROM migrations WHERE name = '030_link_generation';
