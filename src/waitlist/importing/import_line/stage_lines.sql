-- Keeps lines of import $1. Lines that are there already came in before an interruption.
WITH alive AS (UPDATE waitlist_import SET alive_at = now() WHERE id = $1)
INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, email, role, outcome, whole)
SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (import_id, line) DO NOTHING
