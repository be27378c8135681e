-- Sends at most $4 deliveries to the endpoint $1 once more, the oldest of those that failed for good of what happened since $2
-- and is still ticked, without a gap. The state is a literal, as in the index `webhook_delivery_failed_idx`. Nothing waits for
-- a row that is locked, so that no circle of waits comes about; whoever locks one that failed erases it.
UPDATE webhook_delivery SET state = 'waiting', former_attempts = former_attempts + attempts, attempts = 0,
  next_attempt_at = now() + $3
WHERE id = ANY (ARRAY(
  SELECT id FROM webhook_delivery
  WHERE webhook_id = $1 AND state = 'failed' AND happened_at >= $2 AND event <> $5
    AND EXISTS (
      SELECT FROM webhook
      WHERE webhook.id = $1 AND event = ANY (events) AND NOT webhook_is_unticked(unticked, event, webhook_delivery.id)
    )
  ORDER BY happened_at, id LIMIT $4
  FOR UPDATE SKIP LOCKED
))
