-- Which of the deliveries $1 may still be sent under the lease $2, whether with the address, and what signs them: the secret
-- may have been replaced since the claim. One may not be sent when the person was erased, another worker took it over, its
-- event is no longer ticked or was not meanwhile, or its endpoint was paused, switched off or deleted.
SELECT delivery.id,
  webhook.with_address AND NOT webhook_is_unticked(webhook.unticked, 'email', delivery.id) AS with_address, webhook.generation, webhook.secret_hash,
  webhook.former_generation, webhook.former_hash, webhook.former_until
FROM webhook_delivery AS delivery JOIN webhook ON webhook.id = delivery.webhook_id
WHERE delivery.id = ANY ($1) AND delivery.lease_token = $2 AND delivery.state = 'sending' AND webhook.state = 'active'
  AND delivery.event = ANY (webhook.events) AND NOT webhook_is_unticked(webhook.unticked, delivery.event, delivery.id)
