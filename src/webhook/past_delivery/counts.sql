-- How many deliveries to the endpoint $1 wait or are under way, how many of them wait for a later time than $2, and how many
-- failed for good, but for probes ($4); each up to $3. The states are literals, as in the indexes. Joins of which the deliveries
-- are not made yet wait too, where the endpoint is still told of them ($5): they are looked for in the first $3 rows.
WITH waiting AS (
  SELECT FROM webhook_delivery WHERE webhook_id = $1 AND state IN ('waiting', 'sending') LIMIT $3
), late AS (
  SELECT FROM webhook_delivery WHERE webhook_id = $1 AND state = 'waiting' AND next_attempt_at > $2 LIMIT $3
), failed AS (
  SELECT FROM webhook_delivery WHERE webhook_id = $1 AND state = 'failed' AND event <> $4 LIMIT $3
), joins AS (
  SELECT coalesce(sum(cardinality(entry_ids)), 0) AS number
  FROM (SELECT webhook_ids, entry_ids FROM webhook_join_batch ORDER BY id LIMIT $3) AS joined
  WHERE $1 = ANY (webhook_ids) AND EXISTS (SELECT FROM webhook WHERE id = $1 AND $5 = ANY (events))
)
SELECT least($3, (SELECT count(*) FROM waiting) + (SELECT number FROM joins))::bigint AS waiting,
  (SELECT count(*) FROM late) AS late, (SELECT count(*) FROM failed) AS failed
