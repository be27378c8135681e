SELECT event.action, event.happened_at, coalesce({actor}, event.key_name) AS actor, event.details
FROM (
  SELECT * FROM audit_event WHERE entry_id = $1
  UNION ALL
  SELECT audit_event.* FROM audit_event_entry AS many JOIN audit_event ON audit_event.id = event_id WHERE many.entry_id = $1
) AS event
ORDER BY event.happened_at DESC, event.id DESC
LIMIT $2
