DROP INDEX IF EXISTS waitlist_turn_idx;
DROP TABLE IF EXISTS waitlist_invitation;
DROP TABLE IF EXISTS waitlist_wave;

DELETE FROM migrations WHERE name = '015_waves';
