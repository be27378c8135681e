-- Follows classified_lines.sql: adds the lines that are still new, at $7. Ids follow the order of the file, and so do the
-- places. $8 are the lines with an address of a throw-away mailbox, which get the signal $9.
, inserted AS (
  INSERT INTO waitlist (email, role, created_at, locale, consent, import_id, confirmed_at, signals)
  SELECT classified.email, classified.role, $7, import.locale, 'import:' || import.id, import.id,
         CASE WHEN import.are_confirmed THEN $7 END, CASE WHEN classified.line = ANY ($8) THEN ARRAY[$9] END
  FROM classified JOIN waitlist_import AS import ON import.id = $1
  WHERE classified.outcome = 'new' ORDER BY classified.line
  ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING RETURNING email
), ended AS (
  SELECT classified.line, CASE WHEN inserted.email IS NOT NULL THEN 'added'
                           WHEN classified.outcome = 'new' THEN 'duplicate' ELSE classified.outcome END AS outcome
  FROM classified LEFT JOIN inserted USING (email)
), noted AS (
  -- A line that was taken need not be kept whole.
  UPDATE waitlist_import_line AS line
  SET outcome = ended.outcome, whole = CASE WHEN ended.outcome <> 'added' THEN line.whole END
  FROM ended WHERE line.import_id = $1 AND line.line = ended.line
), counted AS (
  SELECT count(*) AS lines, max(line) AS last,
         count(*) FILTER (WHERE outcome = 'added') AS added, count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate,
         count(*) FILTER (WHERE outcome = 'opted_out') AS opted_out FROM ended
)
UPDATE waitlist_import SET
  done = done + counted.lines, reached = coalesce(counted.last, reached),
  fresh = fresh - counted.duplicate - counted.opted_out, added = waitlist_import.added + counted.added,
  duplicate = waitlist_import.duplicate + counted.duplicate,
  opted_out = waitlist_import.opted_out + counted.opted_out,
  state = CASE WHEN counted.lines < $3 THEN 'added' ELSE state END,
  ended_at = CASE WHEN counted.lines < $3 THEN $7 END
FROM counted WHERE id = $1
