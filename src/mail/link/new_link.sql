INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt", pending)
SELECT id, identifier, value, expires_at, $1, $1, pending
FROM unnest($2, $3, $4, $5, $6) AS new (id, identifier, value, expires_at, pending)
