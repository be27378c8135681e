-- The lines behind $2 of import $1, at most $3, classified by what the waitlist holds now. $4 and $5 are the keys under
-- which their addresses may be remembered as erased, line by line; $6 leaves only the new ones. Whoever left, was deleted
-- or was erased stays out. Each address is looked up on its own: the planner knows nothing of lines that were just staged.
WITH batch AS (
  SELECT line, email, role, outcome FROM waitlist_import_line
  WHERE import_id = $1 AND line > $2 AND (outcome = 'new' OR NOT $6) ORDER BY line LIMIT $3
), erased AS (
  SELECT DISTINCT known.line FROM unnest($4, $5) AS known (line, key) JOIN waitlist_erased USING (key)
), classified AS (
  SELECT batch.line, batch.email, batch.role,
         CASE WHEN batch.outcome <> 'new' THEN batch.outcome
              WHEN listed.is_out THEN 'opted_out'
              WHEN listed.is_out IS NOT NULL THEN 'duplicate'
              WHEN erased.line IS NOT NULL THEN 'opted_out'
              ELSE 'new' END AS outcome
  FROM batch LEFT JOIN erased USING (line)
  LEFT JOIN LATERAL (
    SELECT bool_or(left_at IS NOT NULL OR deleted_at IS NOT NULL) AS is_out
    FROM waitlist WHERE lower(waitlist.email) = batch.email
  ) AS listed ON true
)
