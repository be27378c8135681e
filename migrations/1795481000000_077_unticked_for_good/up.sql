-- What was unticked stays forgotten, however soon it is ticked again. Until all that is kept for an endpoint was looked at for
-- it: by the name of each event, and `email` for the address, the last number that a delivery had, or was promised, when it
-- was unticked.
ALTER TABLE webhook ADD COLUMN IF NOT EXISTS unticked jsonb NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION webhook_is_unticked(unticked jsonb, name text, delivery_id bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(delivery_id <= (unticked ->> name)::bigint, false)
$$;

-- As before, but for two things. What was unticked after a place joined is not told although it is ticked again. And where the
-- sequence was lost, a join may get a greater number than what happened to the place later, and is then taken for the newer:
-- it tells how the place is by now.
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
           row_number() OVER (PARTITION BY delivery_id ORDER BY at, entry_id) = 1
             AND (SELECT id FROM webhook_delivery WHERE id = delivery_id) IS NULL AS is_free
    FROM taken
    CROSS JOIN LATERAL generate_subscripts(webhook_ids, 1) AS number
    CROSS JOIN LATERAL unnest(
      entry_ids, roles, joined_at,
      delivery_ids[(number - 1) * cardinality(entry_ids) + 1:number * cardinality(entry_ids)]
    ) AS one (entry_id, role, at, delivery_id)
  )
  INSERT INTO webhook_delivery (id, webhook_id, event, subject, data, happened_at) OVERRIDING SYSTEM VALUE
  SELECT CASE WHEN is_free THEN delivery_id ELSE nextval('webhook_delivery_id_seq') END,
         webhook_id, 'waitlist.joined', 'entry:' || entry_id,
         CASE WHEN EXISTS (
           SELECT FROM webhook_delivery AS later
           -- Found by the subject alone, also while the table has no statistics yet: an endpoint may have millions.
           WHERE later.subject = 'entry:' || entry_id AND later.webhook_id || '' = told.webhook_id
             AND NOT (is_free AND later.id > delivery_id)
         ) THEN webhook_entry_data(entry_id, role, created_at, confirmed_at, invited_at, signed_up_at, bounced_at, left_at,
                                   deleted_at)
         ELSE webhook_entry_data(entry_id, joined_role, at, NULL, NULL, NULL, NULL, NULL, NULL) END
           || webhook_address(with_address AND NOT webhook_is_unticked(unticked, 'email', delivery_id), email),
         at
  FROM (
    SELECT delivery_id, is_free, joined.role AS joined_role, at, webhook.id AS webhook_id, with_address, unticked,
           entry.id AS entry_id, entry.email, entry.role, entry.created_at, confirmed_at, invited_at, signed_up_at, bounced_at,
           left_at, deleted_at
    FROM joined JOIN webhook ON webhook.id = joined.webhook_id JOIN waitlist AS entry ON entry.id = joined.entry_id
    WHERE webhook.state <> 'new' AND 'waitlist.joined' = ANY (webhook.events)
    ORDER BY entry.id, delivery_id FOR KEY SHARE OF entry
  ) AS told
  WHERE NOT webhook_is_unticked(unticked, 'waitlist.joined', delivery_id);
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795481000000, '077_unticked_for_good'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '077_unticked_for_good'
);
