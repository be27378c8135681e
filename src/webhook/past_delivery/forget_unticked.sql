-- Deletes at most $3 deliveries to the endpoint $1 that wait, of events other than $2 or that were unticked ($5), the first of
-- those that would be sent at $4 or later. The state is a literal, as in the index `webhook_delivery_due_idx`. One that is
-- locked is under way, or is being erased.
DELETE FROM webhook_delivery WHERE id = ANY (ARRAY(
  SELECT id FROM webhook_delivery
  WHERE webhook_id = $1 AND state = 'waiting' AND next_attempt_at >= $4
    AND (event <> ALL ($2) OR webhook_is_unticked($5, event, id))
  ORDER BY next_attempt_at LIMIT $3
  FOR UPDATE SKIP LOCKED
))
RETURNING next_attempt_at
