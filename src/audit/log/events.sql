SELECT event.id, event.happened_at, event.action, event.actor_id, event.user_id, event.entry_id,
    event.ip_address, event.details, {actor} AS actor, {concerned} AS concerned
FROM ({found}) AS event
ORDER BY {order}
