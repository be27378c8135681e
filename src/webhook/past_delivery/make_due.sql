-- Makes at most $3 deliveries to the endpoint $1 due now that wait for a later time, of what happened since $4. The state is a
-- literal, as in the index `webhook_delivery_due_idx`. Nothing waits for a row that is locked, so that no circle of waits comes
-- about.
UPDATE webhook_delivery SET next_attempt_at = now() + $2
WHERE id = ANY (ARRAY(
  SELECT id FROM webhook_delivery
  WHERE webhook_id = $1 AND state = 'waiting' AND next_attempt_at > now() + $2 AND happened_at >= $4
  ORDER BY next_attempt_at LIMIT $3
  FOR UPDATE SKIP LOCKED
))
