SELECT event.id, event.happened_at, event.action, event.actor_id, event.user_id, event.entry_id,
    event.ip_address, event.details,
    coalesce(nullif(actor.name, ''), actor.email) AS actor,
    coalesce(nullif(concerned.name, ''), concerned.email) AS concerned
FROM ({found}) AS event
LEFT JOIN "user" AS actor ON actor.id = event.actor_id
LEFT JOIN "user" AS concerned ON concerned.id = event.user_id
ORDER BY {order}
