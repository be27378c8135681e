-- Where no webhook is switched on, who joins waits for one look at the webhooks; where some are, for one row of all of them.

-- What webhooks are to be told of places that joined with one statement. It names nobody, and the numbers of the deliveries are
-- taken at once, as before; they are those of the first endpoint for all of the places, then those of the next.
CREATE TABLE IF NOT EXISTS webhook_join_batch (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_join_batch_pkey PRIMARY KEY,
  webhook_ids text[] NOT NULL,
  delivery_ids bigint[] NOT NULL,
  entry_ids bigint[] NOT NULL,
  roles text[] NOT NULL,
  joined_at timestamptz[] NOT NULL
);

CREATE OR REPLACE FUNCTION webhook_record_joins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  endpoints text[];
BEGIN
  IF NOT EXISTS (SELECT FROM webhook WHERE state <> 'new') THEN
    RETURN NULL;
  END IF;
  endpoints := ARRAY(SELECT id FROM webhook WHERE state <> 'new' AND 'waitlist.joined' = ANY (events));
  IF endpoints <> '{}' THEN
    INSERT INTO webhook_join_batch (webhook_ids, delivery_ids, entry_ids, roles, joined_at)
    SELECT endpoints,
           ARRAY(SELECT nextval('webhook_delivery_id_seq') FROM generate_series(1, cardinality(endpoints) * cardinality(ids))),
           ids, roles, times
    FROM (
      SELECT array_agg(id), array_agg(role), array_agg(created_at) FROM after WHERE confirmed_at IS NULL
      GROUP BY id / greatest(1000 / cardinality(endpoints), 1) -- so that no row holds more than 1,000 deliveries
    ) AS joined (ids, roles, times);
  END IF;
  IF EXISTS (SELECT FROM after WHERE confirmed_at IS NOT NULL) THEN -- an import may bring places that are confirmed
    INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at)
    SELECT webhook.id, event.name, 'entry:' || entry.id,
           webhook_entry_data(entry.id, role, entry.created_at, confirmed_at, invited_at, signed_up_at, bounced_at,
                              left_at, deleted_at) || webhook_address(webhook.with_address, entry.email),
           event.at
    FROM webhook, after AS entry
    CROSS JOIN LATERAL (VALUES
      (1, 'waitlist.joined', entry.created_at),
      (2, 'waitlist.confirmed', entry.confirmed_at)
    ) AS event (turn, name, at)
    WHERE webhook.state <> 'new' AND event.name = ANY (webhook.events) AND entry.confirmed_at IS NOT NULL
    ORDER BY entry.id, event.turn;
  END IF;
  RETURN NULL;
END
$$;

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

-- What waits is moved once nothing writes to the former table: nobody joins meanwhile, so that no statement that has begun does.
DO $$
BEGIN
  IF to_regclass('webhook_joins') IS NOT NULL THEN
    LOCK TABLE waitlist IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE webhook_joins IN ACCESS EXCLUSIVE MODE;
    INSERT INTO webhook_join_batch (webhook_ids, delivery_ids, entry_ids, roles, joined_at)
    SELECT ARRAY[webhook_id], delivery_ids, entry_ids, roles, joined_at FROM webhook_joins ORDER BY id;
    DROP TABLE webhook_joins;
  END IF;
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795479000000, '075_join_batches'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '075_join_batches'
);
