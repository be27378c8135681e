-- Each part reads only the beginning of an index, which is why the letters that wait are in order.
SELECT pause.paused_at, coalesce({paused_by}, pause.paused_by) AS paused_by,
  (SELECT count(*) FROM (
    SELECT FROM outbox_letter WHERE status = 'queued' ORDER BY created_at, id LIMIT $2) AS part) AS waiting,
  (SELECT min(first.next_attempt_at) FROM (VALUES (0), (1), (2)) AS level (priority), LATERAL (
    SELECT next_attempt_at FROM outbox_letter
    WHERE status IN ('queued', 'sending') AND outbox_letter.priority = level.priority AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT 1) AS first) AS due_since,
  breaker.opened_at AS relay_fails_since, breaker.reply AS relay_reply,
  (SELECT count(*) FROM (
    SELECT FROM outbox_letter WHERE status = 'dead' AND created_at >= $1 LIMIT $2) AS part) AS refused,
  (SELECT last_reply FROM outbox_letter WHERE status = 'queued' AND deferral_cause = 'letter' LIMIT 1) AS own_fault
FROM (SELECT) AS one
LEFT JOIN outbox_pause AS pause ON true
LEFT JOIN outbox_breaker AS breaker ON true
