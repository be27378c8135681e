DROP FUNCTION IF EXISTS waitlist_wave_people() CASCADE;
DROP INDEX IF EXISTS waitlist_wave_several_idx;
DROP INDEX IF EXISTS waitlist_wave_made_at_id_idx;
ALTER TABLE IF EXISTS waitlist_wave DROP COLUMN IF EXISTS people;

DELETE FROM migrations WHERE name = '073_wave_people';
