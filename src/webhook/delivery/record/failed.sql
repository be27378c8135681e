-- $2 calls in a row failed: the endpoint rests for 5 s, then twice as long each time, 5 minutes at most, or for as long as it
-- asked for ($4), now or before.
UPDATE webhook
SET failures = failures + $2, failing_since = coalesce(failing_since, now() + $3),
    rests_until = greatest(rests_until,
                           now() + $3 + greatest($4, least(300, 5 * 2 ^ least(failures, 6)) * interval '1 second'))
WHERE id = $1
