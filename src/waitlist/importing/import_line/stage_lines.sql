-- Keeps lines of import $1 while it is being read. Lines that are there already came in before an interruption.
WITH alive AS (UPDATE waitlist_import SET alive_at = now() WHERE id = $1 AND state = 'reading' RETURNING id)
INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, email, role, outcome, whole)
SELECT alive.id, lines.* FROM alive, unnest($2, $3, $4, $5, $6, $7, $8) AS lines
ON CONFLICT (import_id, line) DO NOTHING
