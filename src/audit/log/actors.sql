SELECT id FROM "user" WHERE lower(email) = lower($1)
UNION
SELECT id FROM (SELECT id FROM "user" WHERE type = 'admin' AND lower(email) LIKE lower($2) LIMIT $3) AS admins
