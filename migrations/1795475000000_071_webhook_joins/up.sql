-- Deliveries of joins are made in two steps, so that those who join wait for little of it: the statement that adds places writes
-- one row for each endpoint, however many joined together, and the worker makes their deliveries of it, within a second.

-- What an endpoint is to be told of places that joined. It names nobody: the place is looked up when its delivery is made, and
-- there is none when it was erased in between. The numbers of the deliveries are taken at once, so that whatever happens to
-- the place later has a higher one.
CREATE TABLE IF NOT EXISTS webhook_joins (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_joins_pkey PRIMARY KEY,
  webhook_id text NOT NULL,
  delivery_ids bigint[] NOT NULL,
  entry_ids bigint[] NOT NULL,
  roles text[] NOT NULL,
  joined_at timestamptz[] NOT NULL
);

CREATE OR REPLACE FUNCTION webhook_record_joins() RETURNS trigger LANGUAGE plpgsql AS $$
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
$$;

DROP TRIGGER IF EXISTS waitlist_webhook_insert ON waitlist;
CREATE TRIGGER waitlist_webhook_insert AFTER INSERT ON waitlist
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_joins();

-- Makes some $1 deliveries of the oldest of those rows, for the endpoints that are still told of joins. A place that is being
-- erased is waited for, and then has none; one that is erased afterwards takes its deliveries with it. Places are locked in the
-- order of their ids, as everywhere.
CREATE OR REPLACE FUNCTION webhook_deliver_joins(most bigint) RETURNS void LANGUAGE sql AS $$
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
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795475000000, '071_webhook_joins'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '071_webhook_joins'
);
