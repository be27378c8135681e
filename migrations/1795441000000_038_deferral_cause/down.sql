DROP INDEX IF EXISTS outbox_letter_deferral_cause_idx;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS deferral_cause;

DELETE FROM migrations WHERE name = '038_deferral_cause';
