-- Looks at the next $1 deliveries of an endpoint of which an event or the address was unticked: deletes what waits and is not
-- ticked now, and forgets the address where that is not ticked now, in the answer too. Nothing is waited for: a row that is
-- locked is under way or is being erased, and the next batch begins before it; an endpoint that is locked has its turn later.
-- The deliveries are asked for by the row, as the index has it: by the columns alone, those of other endpoints may be walked.
WITH endpoint AS MATERIALIZED (
  SELECT id, events, with_address, forgets_after FROM webhook WHERE forgets_after IS NOT NULL ORDER BY id LIMIT 1
  FOR NO KEY UPDATE SKIP LOCKED
), looked AS MATERIALIZED (
  SELECT delivery.id, delivery.state = 'waiting' AND delivery.event <> ALL (endpoint.events) AS is_unticked,
    NOT endpoint.with_address AND delivery.data ? 'email' AS has_address
  FROM endpoint, LATERAL (
    SELECT id, event, state, data FROM webhook_delivery
    WHERE (webhook_id, id) BETWEEN (endpoint.id, endpoint.forgets_after + 1) AND (endpoint.id, 9223372036854775807)
    ORDER BY webhook_id, id LIMIT $1
  ) AS delivery
), held AS MATERIALIZED (
  SELECT id FROM webhook_delivery WHERE id = ANY (ARRAY(SELECT id FROM looked WHERE is_unticked OR has_address))
  FOR UPDATE SKIP LOCKED
), deleted AS (
  DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(SELECT id FROM held JOIN looked USING (id) WHERE is_unticked))
), forgotten AS (
  UPDATE webhook_delivery
  SET data = data - 'email', answer = CASE WHEN position(lower(data ->> 'email') IN lower(answer)) = 0 THEN answer END
  WHERE id = ANY (ARRAY(SELECT id FROM held JOIN looked USING (id) WHERE NOT is_unticked))
), missed AS (
  SELECT min(id) AS id FROM looked WHERE (is_unticked OR has_address) AND id NOT IN (SELECT id FROM held)
), reached AS (
  SELECT CASE WHEN count(looked.id) = $1 OR missed.id IS NOT NULL THEN least(max(looked.id), missed.id - 1) END AS id
  FROM missed LEFT JOIN looked ON true GROUP BY missed.id
)
UPDATE webhook SET forgets_after = reached.id FROM endpoint, reached WHERE webhook.id = endpoint.id
RETURNING reached.id IS DISTINCT FROM endpoint.forgets_after AS goes_on
