DROP INDEX IF EXISTS waitlist_signed_up_at_idx;
DROP INDEX IF EXISTS waitlist_invited_at_idx;
DROP INDEX IF EXISTS waitlist_confirmed_at_idx;

DELETE FROM migrations WHERE name = '060_step_times';
