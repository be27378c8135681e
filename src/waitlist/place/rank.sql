WITH own AS (
  SELECT ($1 AT TIME ZONE 'America/Santiago')::date AS day
)
SELECT (
  (SELECT coalesce(sum(entries), 0) FROM {counted}
   WHERE role = $3 AND state = 'confirmed' AND day < (SELECT day FROM own))
  + (SELECT count(*) FROM waitlist WHERE {state} = 'confirmed' AND role = ANY($4)
     AND created_at >= (SELECT day::timestamp AT TIME ZONE 'America/Santiago' FROM own)
     AND (created_at, id) <= ($1, $2))
)::bigint AS rank
