-- The letters that are due, at most $2, those first that somebody waits for; none while an admin has stopped all mail, and
-- one while the relay takes none. The time is the database's, so that all workers agree, and $1 more, which is nothing outside
-- tests. The states are literals, as in the index `outbox_letter_priority_next_attempt_at_idx`: a plan for any value would
-- not use it.
SELECT letter.*,
  coalesce(letter.not_after <= now() + $1, false) AS is_over,
  letter.status = 'sending' AND NOT letter.is_overdue AS is_leased,
  EXISTS (SELECT FROM outbox_breaker) AS is_trial
FROM (VALUES (0), (1), (2)) AS level (priority), LATERAL (
  SELECT * FROM outbox_letter
  WHERE status IN ('queued', 'sending') AND outbox_letter.priority = level.priority AND next_attempt_at <= now() + $1
  ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS letter
LIMIT (SELECT CASE
  WHEN EXISTS (SELECT FROM outbox_pause) THEN 0
  WHEN NOT EXISTS (SELECT FROM outbox_breaker) THEN $2
  WHEN EXISTS (SELECT FROM outbox_breaker WHERE next_try_at <= now() + $1) THEN 1
  ELSE 0 END)
