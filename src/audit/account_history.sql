SELECT event.action, event.happened_at, event.actor_id, event.user_id, event.ip_address, event.user_agent, event.details,
       {actor} AS actor,
       EXISTS (SELECT FROM "user" WHERE id = event.actor_id AND type = 'admin') AS is_by_admin,
       {concerned} AS concerned
FROM (
  (SELECT * FROM audit_event WHERE user_id = $1 ORDER BY happened_at DESC LIMIT $2)
  UNION ALL
  (SELECT * FROM audit_event WHERE actor_id = $1 AND user_id IS DISTINCT FROM $1 ORDER BY happened_at DESC LIMIT $2)
) AS event
ORDER BY event.happened_at DESC, event.id DESC
LIMIT $2
