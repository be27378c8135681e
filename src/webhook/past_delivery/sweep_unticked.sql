-- Looks at the next $1 deliveries of the endpoint $2, of which an event or the address was unticked: deletes what waits and is
-- not ticked now or was not meanwhile, and forgets the address where that is so of it, in the answer too. Nothing is waited
-- for: a row that is locked is under way or is being erased, and the next batch begins before it; an endpoint that is locked
-- has its turn later. What is under way is looked at again once it has ended. What was unticked is remembered until all deliveries were looked at and those of joins ($3) are made whose
-- numbers were promised before. The deliveries are asked for by the row, as the index has it: by the columns alone, those of
-- other endpoints may be walked.
WITH endpoint AS MATERIALIZED (
  SELECT id, events, with_address, unticked, coalesce(forgets_after, 0) AS forgets_after FROM webhook
  WHERE id = $2 AND (forgets_after IS NOT NULL OR unticked <> '{}')
  FOR NO KEY UPDATE SKIP LOCKED
), looked AS MATERIALIZED (
  SELECT delivery.id,
    delivery.state IN ('waiting', 'sending')
      AND (delivery.event <> ALL (endpoint.events) OR webhook_is_unticked(unticked, delivery.event, delivery.id)) AS is_unticked,
    (NOT endpoint.with_address OR webhook_is_unticked(unticked, 'email', delivery.id)) AND delivery.data ? 'email' AS has_address
  FROM endpoint, LATERAL (
    SELECT id, event, state, data FROM webhook_delivery
    WHERE (webhook_id, id) BETWEEN (endpoint.id, endpoint.forgets_after + 1) AND (endpoint.id, 9223372036854775807)
    ORDER BY webhook_id, id LIMIT $1
  ) AS delivery
), held AS MATERIALIZED (
  SELECT id FROM webhook_delivery WHERE id = ANY (ARRAY(SELECT id FROM looked WHERE is_unticked OR has_address))
    AND state <> 'sending'
  FOR UPDATE SKIP LOCKED
), deleted AS (
  DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(SELECT id FROM held JOIN looked USING (id) WHERE is_unticked))
), forgotten AS (
  UPDATE webhook_delivery
  SET data = data - 'email', answer = CASE WHEN position(lower(data ->> 'email') IN lower(answer)) = 0 THEN answer END
  WHERE id = ANY (ARRAY(SELECT id FROM held JOIN looked USING (id) WHERE NOT is_unticked))
), missed AS (
  SELECT min(id) AS id FROM looked WHERE (is_unticked OR has_address) AND id NOT IN (SELECT id FROM held)
), promised AS (
  SELECT count(*) AS joins FROM (SELECT delivery_ids[1] AS number FROM webhook_join_batch ORDER BY id LIMIT 1) AS oldest
  WHERE number <= (
    SELECT max(last::bigint) FROM endpoint, jsonb_each_text(unticked) AS told (name, last)
    WHERE name IN ($3, 'email')
  )
), reached AS (
  SELECT count(looked.id) = $1 AS is_full, least(max(looked.id), missed.id - 1) AS id,
    count(looked.id) < $1 AND missed.id IS NULL AND promised.joins = 0 AS is_end
  FROM promised, missed LEFT JOIN looked ON true GROUP BY missed.id, promised.joins
)
UPDATE webhook
SET forgets_after = CASE WHEN NOT is_end THEN coalesce(reached.id, endpoint.forgets_after) END,
  unticked = CASE WHEN is_end THEN '{}' ELSE endpoint.unticked END
FROM endpoint, reached WHERE webhook.id = endpoint.id
RETURNING is_full AND reached.id > endpoint.forgets_after AS goes_on
