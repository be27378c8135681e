-- Removes what matches one of the patterns $1 from the lines of imports: those of other people, and those that cannot be
-- read, may mention an address in any of their cells.
UPDATE waitlist_import_line
SET whole = NULL,
    typed_email = CASE WHEN typed_email ILIKE ANY ($1) THEN '' ELSE typed_email END,
    typed_role = CASE WHEN typed_role ILIKE ANY ($1) THEN '' ELSE typed_role END
WHERE whole ILIKE ANY ($1) OR typed_email ILIKE ANY ($1) OR typed_role ILIKE ANY ($1)
