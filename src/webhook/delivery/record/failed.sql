-- $2 calls in a row failed: the endpoint rests for 5 s, then for as long as it has been failing, so that it is called half as
-- often each time, however many calls were in one; for 5 minutes at most, or for as long as it asked for ($4), now or before.
-- One that was paused meanwhile forgot its failures, and counts none.
UPDATE webhook
SET failures = failures + $2, failing_since = coalesce(failing_since, now() + $3),
    rests_until = greatest(rests_until, now() + $3 + greatest($4, interval '5 s',
                           least(interval '5 min', now() + $3 - coalesce(failing_since, now() + $3))))
WHERE id = $1 AND state = 'active'
