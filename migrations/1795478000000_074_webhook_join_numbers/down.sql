DO $down$
BEGIN
  IF to_regclass('webhook_joins') IS NOT NULL THEN
    CREATE OR REPLACE FUNCTION webhook_deliver_joins(most bigint) RETURNS void LANGUAGE sql AS $body$
      WITH oldest AS (
        SELECT id, cardinality(delivery_ids) AS deliveries FROM webhook_joins ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED
      ), counted AS (
        SELECT id, sum(deliveries) OVER (ORDER BY id) - deliveries AS before FROM oldest
      ), taken AS (
        DELETE FROM webhook_joins WHERE id = ANY (ARRAY(SELECT id FROM counted WHERE before < most))
        RETURNING webhook_id, delivery_ids, entry_ids, roles, joined_at
      )
      INSERT INTO webhook_delivery (id, webhook_id, event, subject, data, happened_at) OVERRIDING SYSTEM VALUE
      SELECT joined.delivery_id, webhook.id, 'waitlist.joined', 'entry:' || entry.id,
             webhook_entry_data(entry.id, joined.role, joined.at, NULL, NULL, NULL, NULL, NULL, NULL)
               || webhook_address(webhook.with_address, entry.email),
             joined.at
      FROM taken JOIN webhook ON webhook.id = taken.webhook_id
      CROSS JOIN LATERAL unnest(delivery_ids, entry_ids, roles, joined_at) AS joined (delivery_id, entry_id, role, at)
      JOIN waitlist AS entry ON entry.id = joined.entry_id
      WHERE webhook.state <> 'new' AND 'waitlist.joined' = ANY (webhook.events)
      ORDER BY entry.id, joined.delivery_id FOR KEY SHARE OF entry
    $body$;
  END IF;
END
$down$;

DELETE FROM migrations WHERE name = '074_webhook_join_numbers';
