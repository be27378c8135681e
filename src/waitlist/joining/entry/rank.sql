-- How many confirmed entries of role $3 joined before entry $2, which joined at $1, itself included: the days before its own
-- and the minutes before its own are counted already, so only the entries of its own minute are read.
WITH own AS (
  SELECT ($1 AT TIME ZONE 'America/Santiago')::date AS day, floor(date_part('epoch', $1) / 60)::bigint AS minute
), bounds AS (
  SELECT day, minute, day::timestamp AT TIME ZONE 'America/Santiago' AS day_begins FROM own
)
SELECT (
  (SELECT coalesce(sum(entries), 0) FROM {counted}
   WHERE role = $3 AND state = 'confirmed' AND day < (SELECT day FROM bounds))
  + (SELECT coalesce(sum(entries), 0) FROM {counted_turns}
     WHERE role = $3 AND minute >= (SELECT floor(date_part('epoch', day_begins) / 60)::bigint FROM bounds)
       AND minute < (SELECT minute FROM bounds))
  + (SELECT count(*) FROM waitlist WHERE {state} = 'confirmed' AND {role} = $3
     AND created_at >= (SELECT to_timestamp(minute * 60) FROM bounds) AND (created_at, id) <= ($1, $2))
)::bigint AS rank
