-- Sends the delivery $2 to the endpoint $1 once more, or now if it waits, unless it is a probe ($4), is under way or is of an
-- event that is no longer ticked, or was not meanwhile. It comes before all that is due: while an endpoint fails, one call is
-- made at a time, and an admin chose this one. The states of the others are literals, as in the index
-- `webhook_delivery_due_idx`.
UPDATE webhook_delivery
SET state = 'waiting', former_attempts = CASE state WHEN 'waiting' THEN former_attempts ELSE former_attempts + attempts END,
  attempts = CASE state WHEN 'waiting' THEN attempts ELSE 0 END,
  next_attempt_at = least(now() + $3, (
    SELECT next_attempt_at FROM webhook_delivery AS other
    WHERE other.webhook_id = $1 AND other.state IN ('waiting', 'sending') ORDER BY next_attempt_at LIMIT 1
  ) - interval '1 millisecond')
WHERE id = $2 AND webhook_id = $1 AND event <> $4 AND state IN ('waiting', 'delivered', 'failed')
  AND EXISTS (
    SELECT FROM webhook
    WHERE webhook.id = $1 AND event = ANY (events) AND NOT webhook_is_unticked(unticked, event, webhook_delivery.id)
  )
