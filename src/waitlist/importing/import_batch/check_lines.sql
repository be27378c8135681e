-- Follows classified_lines.sql: notes each line's outcome and counts them. Where no line is behind them, they are the last.
, noted AS (
  UPDATE waitlist_import_line AS line
  SET outcome = CASE WHEN line.line IN (SELECT line FROM classified WHERE outcome = 'new') THEN 'new'
                     WHEN line.line IN (SELECT line FROM classified WHERE outcome = 'duplicate') THEN 'duplicate'
                     ELSE 'opted_out' END
  WHERE import_id = $1 AND line.line > $2 AND line.line <= $2 + $3 AND coalesce(outcome, 'new') = 'new'
), counted AS (
  SELECT count(*) AS lines,
         count(*) FILTER (WHERE outcome = 'new') AS fresh, count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate,
         count(*) FILTER (WHERE outcome = 'repeated') AS repeated,
         count(*) FILTER (WHERE outcome = 'invalid') AS invalid,
         count(*) FILTER (WHERE outcome = 'opted_out') AS opted_out FROM classified
)
UPDATE waitlist_import SET
  done = done + counted.lines, reached = $2 + $3, fresh = waitlist_import.fresh + counted.fresh,
  duplicate = waitlist_import.duplicate + counted.duplicate, repeated = waitlist_import.repeated + counted.repeated,
  invalid = waitlist_import.invalid + counted.invalid,
  opted_out = waitlist_import.opted_out + counted.opted_out,
  state = CASE WHEN EXISTS (SELECT FROM waitlist_import_line WHERE import_id = $1 AND line > $2 + $3)
               THEN state ELSE 'checked' END
FROM counted WHERE id = $1
