-- The lines numbered from $2 to $2 + $3, without $2 itself, of import $1, classified by what the waitlist holds now. $4 and
-- $5 are the keys under which their addresses may be remembered as erased, line by line; $6 leaves only the new ones.
-- Whoever left, was deleted or was erased stays out. The planner knows nothing of lines that were just staged: so numbers
-- bound what is read, each address is looked up on its own, and what is compared is a hash, never two lists in a loop.
WITH batch AS (
  SELECT line, email, role, outcome FROM waitlist_import_line
  WHERE import_id = $1 AND line > $2 AND line <= $2 + $3 AND (outcome = 'new' OR NOT $6)
), classified AS MATERIALIZED (
  SELECT batch.line, batch.email, batch.role,
         CASE WHEN batch.outcome <> 'new' THEN batch.outcome
              WHEN listed.is_out THEN 'opted_out'
              WHEN listed.is_out IS NOT NULL THEN 'duplicate'
              WHEN batch.line IN (
                SELECT known.line FROM unnest($4, $5) AS known (line, key) JOIN waitlist_erased USING (key)
              ) THEN 'opted_out'
              ELSE 'new' END AS outcome
  FROM batch
  LEFT JOIN LATERAL (
    SELECT bool_or(left_at IS NOT NULL OR deleted_at IS NOT NULL) AS is_out
    FROM waitlist
    WHERE waitlist.email = batch.email OR (waitlist.email <> lower(waitlist.email) AND lower(waitlist.email) = batch.email)
  ) AS listed ON true
)
