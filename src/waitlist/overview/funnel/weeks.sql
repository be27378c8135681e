-- How many reached each step from $1 to $4, and how many in the time from $2 to $1: each up to $3 of them, since no page waits for
-- a count of millions. Each is read from an index that holds only those who have reached the step (migration 060).
SELECT (SELECT count(*) FROM (SELECT FROM waitlist WHERE confirmed_at >= $1 AND confirmed_at < $4 LIMIT $3) AS step)
         AS confirmed,
       (SELECT count(*) FROM (SELECT FROM waitlist WHERE confirmed_at >= $2 AND confirmed_at < $1 LIMIT $3) AS step)
         AS confirmed_before,
       (SELECT count(*) FROM (SELECT FROM waitlist WHERE invited_at >= $1 AND invited_at < $4 LIMIT $3) AS step)
         AS invited,
       (SELECT count(*) FROM (SELECT FROM waitlist WHERE invited_at >= $2 AND invited_at < $1 LIMIT $3) AS step)
         AS invited_before,
       (SELECT count(*) FROM (SELECT FROM waitlist WHERE signed_up_at >= $1 AND signed_up_at < $4 LIMIT $3) AS step)
         AS signed_up,
       (SELECT count(*) FROM (SELECT FROM waitlist WHERE signed_up_at >= $2 AND signed_up_at < $1 LIMIT $3) AS step)
         AS signed_up_before
