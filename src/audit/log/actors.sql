SELECT id, true AS is_whole FROM "user" WHERE lower(email) = lower($1)
UNION ALL
SELECT id, false FROM (
  SELECT id FROM "user"
  WHERE type = 'admin' AND lower(email) LIKE lower($2) AND lower(email) <> lower($1) LIMIT $3
) AS admins
