SELECT event.action, event.happened_at, event.actor_id, event.user_id, event.ip_address, event.user_agent, event.details,
       coalesce(nullif(actor.name, ''), actor.email) AS actor,
       coalesce(actor.type = 'admin', false) AS by_admin,
       coalesce(nullif(concerned.name, ''), concerned.email) AS concerned
FROM (
  (SELECT * FROM audit_event WHERE user_id = $1 ORDER BY happened_at DESC LIMIT $2)
  UNION ALL
  (SELECT * FROM audit_event WHERE actor_id = $1 AND user_id IS DISTINCT FROM $1 ORDER BY happened_at DESC LIMIT $2)
) AS event
LEFT JOIN "user" AS actor ON actor.id = event.actor_id
LEFT JOIN "user" AS concerned ON concerned.id = event.user_id
ORDER BY event.happened_at DESC, event.id DESC
LIMIT $2
