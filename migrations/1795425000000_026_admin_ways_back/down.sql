DROP FUNCTION IF EXISTS waitlist_turn_count() CASCADE;
DROP FUNCTION IF EXISTS waitlist_wave_count() CASCADE;
DROP TABLE IF EXISTS waitlist_turn_change;
DROP TABLE IF EXISTS waitlist_turn_total;
DROP TABLE IF EXISTS waitlist_wave_count;
ALTER TABLE IF EXISTS waitlist_wave DROP COLUMN IF EXISTS bounced_before;
ALTER TABLE IF EXISTS waitlist_wave DROP COLUMN IF EXISTS sent_before;
DROP INDEX IF EXISTS waitlist_deletion_made_at_id_idx;
-- Links that were set aside with their place would work for nobody any more.
DELETE FROM verification WHERE identifier LIKE 'suspended:%';
ALTER TABLE IF EXISTS waitlist DROP COLUMN IF EXISTS restored_at;

DELETE FROM migrations WHERE name = '026_admin_ways_back';
