-- As before: a row for each endpoint.
DO $down$
BEGIN
  IF to_regclass('webhook_join_batch') IS NOT NULL THEN
    LOCK TABLE waitlist IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE webhook_join_batch IN ACCESS EXCLUSIVE MODE;
    CREATE TABLE IF NOT EXISTS webhook_joins (
      id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_joins_pkey PRIMARY KEY,
      webhook_id text NOT NULL,
      delivery_ids bigint[] NOT NULL,
      entry_ids bigint[] NOT NULL,
      roles text[] NOT NULL,
      joined_at timestamptz[] NOT NULL
    );
    INSERT INTO webhook_joins (webhook_id, delivery_ids, entry_ids, roles, joined_at)
    SELECT webhook_ids[endpoint], delivery_ids[(endpoint - 1) * places + 1:endpoint * places], entry_ids, roles, joined_at
    FROM webhook_join_batch, cardinality(entry_ids) AS places, generate_subscripts(webhook_ids, 1) AS endpoint
    ORDER BY id, endpoint;
    DROP TABLE webhook_join_batch;

    CREATE OR REPLACE FUNCTION webhook_record_joins() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE
      delivery_number regclass := pg_get_serial_sequence('webhook_delivery', 'id');
    BEGIN
      INSERT INTO webhook_joins (webhook_id, delivery_ids, entry_ids, roles, joined_at)
      SELECT webhook.id, array_agg(nextval(delivery_number)), array_agg(entry.id), array_agg(entry.role),
             array_agg(entry.created_at)
      FROM webhook, after AS entry
      WHERE webhook.state <> 'new' AND 'waitlist.joined' = ANY (webhook.events) AND entry.confirmed_at IS NULL
      GROUP BY webhook.id, entry.id / 1000; -- so that no row holds more than so many
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
    $body$;

    CREATE OR REPLACE FUNCTION webhook_deliver_joins(most bigint) RETURNS void LANGUAGE plpgsql AS $body$
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
    $body$;
  END IF;
END
$down$;

DELETE FROM migrations WHERE name = '075_join_batches';
