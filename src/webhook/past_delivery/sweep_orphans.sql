-- Deletes at most $1 deliveries of endpoints that are gone. The ids of endpoints are read from the index one by one, each by a
-- step behind the one before, so that what is kept of those that are there is not walked. A transaction that began before an
-- endpoint was deleted may write more for it, which a later sweep finds; none is deleted of an endpoint that is there, since
-- whoever writes a delivery has read its endpoint, and ids never come back. One that is locked is left for later. The last
-- condition is on the row, as the index has it: by the column alone, every row of the table may be read.
WITH RECURSIVE told AS (
  (SELECT webhook_id FROM webhook_delivery ORDER BY webhook_id LIMIT 1)
  UNION ALL
  SELECT (SELECT webhook_id FROM webhook_delivery AS next WHERE next.webhook_id > told.webhook_id ORDER BY webhook_id LIMIT 1)
  FROM told WHERE told.webhook_id IS NOT NULL
), gone AS MATERIALIZED (
  SELECT webhook_id FROM told
  WHERE webhook_id IS NOT NULL AND NOT EXISTS (SELECT FROM webhook WHERE webhook.id = told.webhook_id)
)
DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(
  SELECT orphan.id FROM gone, LATERAL (
    SELECT id FROM webhook_delivery AS own
    WHERE (own.webhook_id, own.id) BETWEEN (gone.webhook_id, 0) AND (gone.webhook_id, 9223372036854775807)
    ORDER BY own.webhook_id, own.id LIMIT $1
    FOR UPDATE SKIP LOCKED
  ) AS orphan
  LIMIT $1
))
