-- Follows classified_lines.sql: adds the lines that are still new, at $7. Ids follow the order of the file, and so do the
-- places. $8 are the lines with an address of a throw-away mailbox, which get the signal $9.
, inserted AS (
  INSERT INTO waitlist (email, role, created_at, locale, consent, import_id, confirmed_at, signals)
  SELECT classified.email, classified.role, $7, import.locale, 'import:' || import.id, import.id,
         CASE WHEN import.are_confirmed THEN $7 END, CASE WHEN classified.line = ANY ($8) THEN ARRAY[$9] END
  FROM classified JOIN waitlist_import AS import ON import.id = $1
  WHERE classified.outcome = 'new' ORDER BY classified.line
  ON CONFLICT ON CONSTRAINT waitlist_email_key DO NOTHING RETURNING email
), ended AS MATERIALIZED (
  SELECT line, CASE WHEN email IN (SELECT email FROM inserted) THEN 'added'
                    WHEN outcome = 'new' THEN 'duplicate' ELSE outcome END AS outcome
  FROM classified
), noted AS (
  -- A line that was taken need not be kept whole.
  UPDATE waitlist_import_line AS line
  SET outcome = CASE WHEN line.line IN (SELECT line FROM ended WHERE outcome = 'added') THEN 'added'
                     WHEN line.line IN (SELECT line FROM ended WHERE outcome = 'duplicate') THEN 'duplicate'
                     ELSE 'opted_out' END,
      whole = CASE WHEN line.line NOT IN (SELECT line FROM ended WHERE outcome = 'added') THEN line.whole END
  WHERE import_id = $1 AND line.line > $2 AND line.line <= $2 + $3 AND outcome = 'new'
), counted AS (
  SELECT count(*) AS lines,
         count(*) FILTER (WHERE outcome = 'added') AS added, count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate,
         count(*) FILTER (WHERE outcome = 'opted_out') AS opted_out FROM ended
), next AS (
  SELECT EXISTS (SELECT FROM waitlist_import_line WHERE import_id = $1 AND line > $2 + $3) AS is_there
)
UPDATE waitlist_import SET
  done = done + counted.lines, reached = $2 + $3,
  fresh = fresh - counted.duplicate - counted.opted_out, added = waitlist_import.added + counted.added,
  duplicate = waitlist_import.duplicate + counted.duplicate,
  opted_out = waitlist_import.opted_out + counted.opted_out,
  state = CASE WHEN next.is_there THEN state ELSE 'added' END,
  ended_at = CASE WHEN NOT next.is_there THEN $7 END
FROM counted, next WHERE id = $1
