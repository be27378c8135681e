-- A call succeeded: the endpoint works. It rests on where another answer asked for a pause, one of these ($3) or one that was
-- recorded before, and for the seconds of a call beside this one that failed first.
UPDATE webhook
SET failures = 0, failing_since = NULL, rests_until = greatest(rests_until, now() + $2 + $3)
WHERE id = $1 AND (failures > 0 OR $3 > interval '0')
