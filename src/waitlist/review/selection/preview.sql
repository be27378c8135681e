-- How many entries are chosen, and the newest of them, at most $1.
WITH chosen AS MATERIALIZED (
  SELECT id, email, created_at FROM waitlist WHERE {condition}
)
SELECT (SELECT count(*) FROM chosen) AS number, email FROM chosen
ORDER BY created_at DESC, id DESC LIMIT $1
