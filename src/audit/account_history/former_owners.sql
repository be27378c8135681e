SELECT DISTINCT user_id
FROM (
  (SELECT * FROM audit_event WHERE action = 'email_changed' ORDER BY happened_at DESC, id DESC LIMIT $2)
  UNION ALL
  (SELECT * FROM audit_event WHERE action = 'email_change_undone' ORDER BY happened_at DESC, id DESC LIMIT $2)
) AS change
WHERE lower(details ->> 'from') = lower($1) AND user_id IS NOT NULL
ORDER BY user_id
LIMIT 10
