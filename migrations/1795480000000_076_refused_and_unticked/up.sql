-- What an endpoint did not accept, by the time at which it was tried last: the page of one that fails, or was switched off, shows
-- the last of it, however many newer deliveries wait. Nothing that joins write is in it: what was not tried yet, or was accepted.
CREATE INDEX IF NOT EXISTS webhook_delivery_refused_idx ON webhook_delivery (webhook_id, attempted_at)
  WHERE attempted_at IS NOT NULL AND (status IS NULL OR status NOT BETWEEN 200 AND 299);

-- After an event or the address was unticked: the deliveries with a greater id are still to be looked at for it. NULL when all
-- were. Endpoints that are told no address may have been told it before.
ALTER TABLE webhook ADD COLUMN IF NOT EXISTS forgets_after bigint;
UPDATE webhook SET forgets_after = 0 WHERE NOT with_address;

INSERT INTO migrations (timestamp, name)
SELECT 1795480000000, '076_refused_and_unticked'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '076_refused_and_unticked'
);
