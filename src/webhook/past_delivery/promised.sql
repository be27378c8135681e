-- The greatest of the numbers that deliveries of joins get when they are made.
SELECT max(number) FROM webhook_join_batch, unnest(delivery_ids) AS number
