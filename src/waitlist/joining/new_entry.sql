-- Several at once, in one order for all, so that two transactions never wait for each other. Each address is looked up by
-- itself: a join could be planned as a scan of the whole list, while that is short, and stay one.
INSERT INTO waitlist (email, role, created_at, locale, consent, asked_at, signals, submission, source)
SELECT new.email, new.role, new.at, new.locale, $1, new.at,
       CASE WHEN new.is_twin OR plain_twin.is_listed OR twin.is_listed THEN array_append(new.signals, $2)
            ELSE new.signals END,
       new.submission, new.source
FROM (
  SELECT *, row_number() OVER (PARTITION BY twin_key ORDER BY turn) > 1 AS is_twin
  FROM (
    SELECT email, role, at, locale, string_to_array(signals, ' ') AS signals, submission, source, turn,
           waitlist_twin_key(email) AS twin_key
    FROM unnest($3, $4, $5, $6, $7, $8, $9)
      WITH ORDINALITY AS sent (email, role, at, locale, signals, submission, source, turn)
    OFFSET 0 -- so that each key is computed once
  ) AS keyed
) AS new
LEFT JOIN LATERAL (
  SELECT true AS is_listed FROM waitlist WHERE email <> lower(email) AND lower(email) = new.email LIMIT 1
) AS known ON true
LEFT JOIN LATERAL (
  SELECT true AS is_listed FROM waitlist WHERE new.twin_key <> new.email AND email = new.twin_key LIMIT 1
) AS plain_twin ON true
LEFT JOIN LATERAL (
  SELECT true AS is_listed FROM waitlist
  WHERE waitlist_twin_key(email) <> email AND waitlist_twin_key(email) = new.twin_key LIMIT 1
) AS twin ON true
WHERE known.is_listed IS NULL
ORDER BY new.email
ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING
RETURNING id, generation, email
