-- Deletes the chosen entries, at most $3, at $1 as deletion $2, and sets aside their links that would still bring a letter or
-- an account about. It is one statement, so that of twenty thousand rows only the ids pass through the process. It finds them
-- in whatever order is fastest, and then locks them in the order of their ids, as everywhere.
WITH found AS MATERIALIZED (
  SELECT id FROM waitlist WHERE {condition} LIMIT $3
), chosen AS MATERIALIZED (
  SELECT id FROM waitlist WHERE id IN (SELECT id FROM found) AND {condition} ORDER BY id FOR UPDATE
), gone AS (
  UPDATE waitlist SET deleted_at = $1, deletion_id = $2 FROM chosen WHERE waitlist.id = chosen.id RETURNING waitlist.id
), suspended AS (
  {suspend_links}
)
SELECT id FROM gone
