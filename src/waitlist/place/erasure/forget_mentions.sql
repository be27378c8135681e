-- Removes the addresses of which $1 are spellings and $2 patterns from the lines of imports: those of other people, and those
-- that cannot be read, may mention an address in any of their cells.
WITH named AS (
  SELECT import_id, line, bool_or(typed_email ILIKE pattern) AS in_email, bool_or(typed_role ILIKE pattern) AS in_role
  FROM unnest($1, $2) AS erased (spelling, pattern) JOIN waitlist_import_line ON {may_mention}
  WHERE {text} ILIKE pattern GROUP BY import_id, line
)
UPDATE waitlist_import_line AS scrubbed
SET whole = NULL,
    typed_email = CASE WHEN in_email THEN '' ELSE typed_email END,
    typed_role = CASE WHEN in_role THEN '' ELSE typed_role END
FROM named WHERE scrubbed.import_id = named.import_id AND scrubbed.line = named.line
