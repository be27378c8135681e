SELECT id::text AS id FROM waitlist WHERE email = lower($1)
UNION ALL
SELECT id::text FROM waitlist WHERE email <> lower(email) AND lower(email) = lower($1)
LIMIT 10
