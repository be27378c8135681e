-- As before.
CREATE OR REPLACE FUNCTION webhook_deliver_joins(most bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  batch bigint[];
  highest bigint;
BEGIN
  WITH oldest AS (
    SELECT id, cardinality(delivery_ids) AS deliveries FROM webhook_join_batch ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED
  ), counted AS (
    SELECT id, sum(deliveries) OVER (ORDER BY id) - deliveries AS before FROM oldest
  )
  SELECT array_agg(id) INTO batch FROM counted WHERE before < most;
  IF batch IS NULL THEN
    RETURN;
  END IF;
  SELECT greatest(max(number), (SELECT max(id) FROM webhook_delivery)) INTO highest
  FROM webhook_join_batch, unnest(delivery_ids) AS number WHERE id = ANY (batch);
  IF coalesce(pg_sequence_last_value('webhook_delivery_id_seq'), 0) < highest THEN
    PERFORM setval('webhook_delivery_id_seq', greatest(highest, pg_sequence_last_value('webhook_delivery_id_seq')));
  END IF;
  WITH taken AS (
    DELETE FROM webhook_join_batch WHERE id = ANY (batch) RETURNING webhook_ids, delivery_ids, entry_ids, roles, joined_at
  ), joined AS (
    SELECT webhook_ids[number] AS webhook_id, delivery_id, entry_id, role, at,
           row_number() OVER (PARTITION BY delivery_id ORDER BY at, entry_id) = 1 AS is_first
    FROM taken
    CROSS JOIN LATERAL generate_subscripts(webhook_ids, 1) AS number
    CROSS JOIN LATERAL unnest(
      entry_ids, roles, joined_at,
      delivery_ids[(number - 1) * cardinality(entry_ids) + 1:number * cardinality(entry_ids)]
    ) AS one (entry_id, role, at, delivery_id)
  )
  INSERT INTO webhook_delivery (id, webhook_id, event, subject, data, happened_at) OVERRIDING SYSTEM VALUE
  SELECT CASE WHEN is_first AND NOT EXISTS (SELECT FROM webhook_delivery WHERE id = joined.delivery_id)
              THEN joined.delivery_id ELSE nextval('webhook_delivery_id_seq') END,
         webhook.id, 'waitlist.joined', 'entry:' || entry.id,
         webhook_entry_data(entry.id, joined.role, joined.at, NULL, NULL, NULL, NULL, NULL, NULL)
           || webhook_address(webhook.with_address, entry.email),
         joined.at
  FROM joined JOIN webhook ON webhook.id = joined.webhook_id JOIN waitlist AS entry ON entry.id = joined.entry_id
  WHERE webhook.state <> 'new' AND 'waitlist.joined' = ANY (webhook.events)
  ORDER BY entry.id, joined.delivery_id FOR KEY SHARE OF entry;
END
$$;

ALTER TABLE webhook DROP COLUMN IF EXISTS unticked;
DROP FUNCTION IF EXISTS webhook_is_unticked(jsonb, text, bigint);

DELETE FROM migrations WHERE name = '077_unticked_for_good';
