-- Follows classified_lines.sql: notes each line's outcome and counts them. Fewer lines than a whole batch are the last.
, noted AS (
  UPDATE waitlist_import_line AS line SET outcome = classified.outcome
  FROM classified
  WHERE line.import_id = $1 AND line.line = classified.line AND line.outcome IS DISTINCT FROM classified.outcome
), counted AS (
  SELECT count(*) AS lines, max(line) AS last,
         count(*) FILTER (WHERE outcome = 'new') AS fresh, count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate,
         count(*) FILTER (WHERE outcome = 'repeated') AS repeated,
         count(*) FILTER (WHERE outcome = 'invalid') AS invalid,
         count(*) FILTER (WHERE outcome = 'opted_out') AS opted_out FROM classified
)
UPDATE waitlist_import SET
  done = done + counted.lines, reached = coalesce(counted.last, reached), fresh = waitlist_import.fresh + counted.fresh,
  duplicate = waitlist_import.duplicate + counted.duplicate, repeated = waitlist_import.repeated + counted.repeated,
  invalid = waitlist_import.invalid + counted.invalid,
  opted_out = waitlist_import.opted_out + counted.opted_out,
  state = CASE WHEN counted.lines < $3 THEN 'checked' ELSE state END
FROM counted WHERE id = $1
