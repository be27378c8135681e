DROP TABLE IF EXISTS outbox_breaker;
DROP INDEX IF EXISTS outbox_letter_outcome_due_at_idx;
DROP INDEX IF EXISTS outbox_letter_priority_next_attempt_at_idx;
DO $$
BEGIN
  IF to_regclass('outbox_letter') IS NOT NULL THEN
    CREATE INDEX IF NOT EXISTS outbox_letter_due_idx ON outbox_letter (next_attempt_at)
      WHERE status IN ('queued', 'sending');
  END IF;
END
$$;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS outcome_due_at;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS is_overdue;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS priority;

DELETE FROM migrations WHERE name = '019_mail_verdicts';
