-- Has all that is kept for the endpoint $1 looked at, of which $2 was unticked, and remembers up to which delivery that is to
-- be forgotten: the last whose number was taken.
UPDATE webhook SET forgets_after = 0, unticked = unticked || (
  SELECT jsonb_object_agg(name, coalesce(pg_sequence_last_value('webhook_delivery_id_seq'), 0)) FROM unnest($2) AS name
)
WHERE id = $1
