-- Mail is judged by whom a reply is about, and what somebody waits for goes first.

-- Which letters go first: 0 what one person waits for, 1 the answer to a join, 2 what is sent to many.
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS priority integer NOT NULL DEFAULT 0;
-- Whether the lease has run out. Its worker may still record what became of the letter, for a moment, before another one
-- takes the letter over.
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS is_overdue boolean NOT NULL DEFAULT false;
-- When what follows from the letter's verdict is tried again; NULL when all of it has happened.
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS outcome_due_at timestamptz;

UPDATE outbox_letter SET priority = CASE kind WHEN 'waitlist-invitation' THEN 2 ELSE 1 END
WHERE status IN ('queued', 'sending') AND kind IN ('waitlist-confirm', 'waitlist-invitation') AND priority = 0;

CREATE INDEX IF NOT EXISTS outbox_letter_priority_next_attempt_at_idx ON outbox_letter (priority, next_attempt_at)
  WHERE status IN ('queued', 'sending');
DROP INDEX IF EXISTS outbox_letter_due_idx;
CREATE INDEX IF NOT EXISTS outbox_letter_outcome_due_at_idx ON outbox_letter (outcome_due_at)
  WHERE outcome_due_at IS NOT NULL;

-- While it has its one row, the relay takes no letters, and is tried with one letter at a time.
CREATE TABLE IF NOT EXISTS outbox_breaker (
  is_open boolean CONSTRAINT outbox_breaker_pkey PRIMARY KEY
    CONSTRAINT outbox_breaker_is_open_check CHECK (is_open),
  opened_at timestamptz NOT NULL,
  tries integer NOT NULL,
  next_try_at timestamptz NOT NULL,
  reply text NOT NULL
);

INSERT INTO migrations (timestamp, name)
SELECT 1795418000000, '019_mail_verdicts'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '019_mail_verdicts'
);
