-- Where the sequence of deliveries stood behind, as after a restore or a failover that lost it, the numbers that were taken for
-- places that joined are given out again, to other deliveries or to places that join later. The sequence is moved beyond those
-- of a batch before it is made, and whichever of two comes second gets a new number: else its row, and all behind it, would
-- wait for good.
CREATE OR REPLACE FUNCTION webhook_deliver_joins(most bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  delivery_number regclass := pg_get_serial_sequence('webhook_delivery', 'id');
  batch bigint[];
  highest bigint;
BEGIN
  WITH oldest AS (
    SELECT id, cardinality(delivery_ids) AS deliveries FROM webhook_joins ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED
  ), counted AS (
    SELECT id, sum(deliveries) OVER (ORDER BY id) - deliveries AS before FROM oldest
  )
  SELECT array_agg(id) INTO batch FROM counted WHERE before < most;
  IF batch IS NULL THEN
    RETURN;
  END IF;
  SELECT greatest(max(number), (SELECT max(id) FROM webhook_delivery)) INTO highest
  FROM webhook_joins, unnest(delivery_ids) AS number WHERE id = ANY (batch);
  IF coalesce(pg_sequence_last_value(delivery_number), 0) < highest THEN
    PERFORM setval(delivery_number, greatest(highest, pg_sequence_last_value(delivery_number)));
  END IF;
  WITH taken AS (
    DELETE FROM webhook_joins WHERE id = ANY (batch) RETURNING webhook_id, delivery_ids, entry_ids, roles, joined_at
  ), joined AS (
    SELECT webhook_id, delivery_id, entry_id, role, at,
           row_number() OVER (PARTITION BY delivery_id ORDER BY at, entry_id) = 1 AS is_first
    FROM taken, unnest(delivery_ids, entry_ids, roles, joined_at) AS one (delivery_id, entry_id, role, at)
  )
  INSERT INTO webhook_delivery (id, webhook_id, event, subject, data, happened_at) OVERRIDING SYSTEM VALUE
  SELECT CASE WHEN is_first AND NOT EXISTS (SELECT FROM webhook_delivery WHERE id = joined.delivery_id)
              THEN joined.delivery_id ELSE nextval(delivery_number) END,
         webhook.id, 'waitlist.joined', 'entry:' || entry.id,
         webhook_entry_data(entry.id, joined.role, joined.at, NULL, NULL, NULL, NULL, NULL, NULL)
           || webhook_address(webhook.with_address, entry.email),
         joined.at
  FROM joined JOIN webhook ON webhook.id = joined.webhook_id JOIN waitlist AS entry ON entry.id = joined.entry_id
  WHERE webhook.state <> 'new' AND 'waitlist.joined' = ANY (webhook.events)
  ORDER BY entry.id, joined.delivery_id FOR KEY SHARE OF entry;
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795478000000, '074_webhook_join_numbers'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '074_webhook_join_numbers'
);
