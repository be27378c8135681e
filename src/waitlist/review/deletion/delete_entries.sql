-- Deletes the chosen entries at $1 as deletion $2 and ends their links of the purposes $3. It is one statement, so that
-- twenty thousand rows never pass through the process.
WITH gone AS (
  UPDATE waitlist SET deleted_at = $1, deletion_id = $2 WHERE {condition} RETURNING id
), ended AS (
  {end_links}
)
SELECT count(*) AS number FROM gone
