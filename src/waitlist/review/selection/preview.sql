-- How many of the ticked entries are chosen, and the newest of them.
SELECT count(*) OVER () AS number, email FROM waitlist WHERE {condition}
ORDER BY created_at DESC, id DESC LIMIT 10
