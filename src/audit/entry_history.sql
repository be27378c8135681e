SELECT event.action, event.happened_at, {actor} AS actor
FROM audit_event AS event
WHERE event.entry_id = $1
ORDER BY event.happened_at DESC, event.id DESC
LIMIT $2
