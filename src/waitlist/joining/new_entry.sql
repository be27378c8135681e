INSERT INTO waitlist (email, role, created_at, locale, consent, asked_at, signals, submission)
SELECT $1, $2, $3, $4, $5, $3,
       CASE WHEN EXISTS (SELECT FROM waitlist WHERE waitlist_twin_key(email) = waitlist_twin_key($1))
            THEN array_append($6, $7) ELSE $6 END, $8
WHERE NOT EXISTS (SELECT FROM waitlist WHERE lower(email) = $1)
ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING
RETURNING id, generation
