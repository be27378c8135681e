-- Deletes what is leased under $2 for the endpoint $1 and is no longer ticked, or was not meanwhile: it was under way, or
-- written at the same moment, when all that waited was deleted. The states are literals, as in the index
-- `webhook_delivery_due_idx`.
DELETE FROM webhook_delivery AS delivery USING webhook
WHERE webhook.id = $1 AND delivery.webhook_id = $1 AND delivery.state IN ('waiting', 'sending') AND delivery.lease_token = $2
  AND (delivery.event <> ALL (webhook.events) OR webhook_is_unticked(webhook.unticked, delivery.event, delivery.id))
