-- Makes the letters due that were put off for the relay's sake, in the order of priority and of when they would have been, $2
-- apart. Once the relay takes letters, the attempts that it refused count no more. Letters that are being changed are left
-- alone. $1 is nothing outside tests.
WITH deferred AS MATERIALIZED (
  SELECT id, priority, next_attempt_at FROM outbox_letter
  WHERE status = 'queued' AND deferral_cause = 'relay'
  FOR UPDATE SKIP LOCKED
), ordered AS (
  SELECT id, row_number() OVER (ORDER BY priority, next_attempt_at, id) - 1 AS place FROM deferred
)
UPDATE outbox_letter SET
  next_attempt_at = least(not_after, now() + $1::interval + ordered.place * $2::interval),
  attempts = CASE WHEN EXISTS (SELECT FROM outbox_breaker) THEN attempts ELSE 0 END
FROM ordered
WHERE outbox_letter.id = ordered.id
