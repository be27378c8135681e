-- The letters among $1 whose outcome was due, which it is no more. They are found by their ids first: an index has all whose
-- outcome is due, which may be thousands. Locks them in the order of their ids.
WITH these AS MATERIALIZED (
  SELECT id, outcome_due_at FROM outbox_letter WHERE id = ANY ($1) ORDER BY id FOR UPDATE
)
UPDATE outbox_letter SET outcome_due_at = NULL FROM these
WHERE outbox_letter.id = these.id AND these.outcome_due_at IS NOT NULL
RETURNING outbox_letter.id, outbox_letter.kind, outbox_letter.recipient, outbox_letter.status
