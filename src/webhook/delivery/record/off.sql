-- Switches the endpoint $1 off, which wants nothing any more ($5) or failed at least $6 times in a row for $7; keeps its last
-- answer ($3, $4) as the reason.
UPDATE webhook SET state = 'off', off_at = now() + $2, off_status = $3, off_problem = $4
WHERE id = $1 AND state = 'active' AND ($5 OR failures >= $6 AND failing_since <= now() + $2 - $7)
