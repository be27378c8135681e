-- The greatest of the numbers that deliveries of joins get when they are made: each row has the greatest of its own last. Only
-- the newest rows are looked at, which have the greatest unless the sequence was lost before all of them; then whichever is
-- made second gets a new number.
SELECT max(delivery_ids[cardinality(delivery_ids)])
FROM (SELECT delivery_ids FROM webhook_join_batch ORDER BY id DESC LIMIT 1000) AS newest
