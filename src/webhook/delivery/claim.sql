-- What is due for the endpoints that are on, do not rest and are not busy ($2): for each up to sixteen deliveries, or one
-- while it fails, so that an endpoint that is down is tried, not flooded. They are leased under $3 for $4; a worker that
-- vanished makes them due again when that is over. The time is the database's, and $1 more, which is nothing outside tests.
-- The states are literals, as in the index `webhook_delivery_due_idx`: a plan for any value would not use it.
WITH due AS (
  SELECT delivery.id FROM webhook, LATERAL (
    SELECT id FROM webhook_delivery AS candidate
    WHERE candidate.webhook_id = webhook.id AND candidate.state IN ('waiting', 'sending')
      AND candidate.next_attempt_at <= now() + $1
    ORDER BY candidate.next_attempt_at LIMIT CASE WHEN webhook.failures > 0 THEN 1 ELSE 16 END
    FOR UPDATE SKIP LOCKED
  ) AS delivery
  WHERE webhook.state = 'active' AND webhook.id <> ALL ($2)
    AND (webhook.rests_until IS NULL OR webhook.rests_until <= now() + $1)
)
UPDATE webhook_delivery SET state = 'sending', lease_token = $3, next_attempt_at = now() + $1 + $4
WHERE id = ANY (ARRAY(SELECT id FROM due))
RETURNING id, webhook_id, message_id, event, data, happened_at, attempts
