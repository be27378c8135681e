SELECT event.id, event.happened_at, event.action, event.actor_id, event.user_id, event.entry_id,
    event.ip_address, event.key_name, event.details, {actor} AS actor, {concerned} AS concerned,
    (SELECT email FROM waitlist WHERE waitlist.id = event.entry_id) AS entry_email, {organization} AS organization
FROM ({found}) AS event
ORDER BY {order}
