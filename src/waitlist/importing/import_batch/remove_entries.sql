-- Takes away the entries of import $1 behind $2, at most $3, of those who have done nothing since. What a person did
-- themselves, or an admin did to the place, keeps it.
WITH batch AS (
  SELECT waitlist.id FROM waitlist WHERE import_id = $1 AND waitlist.id > $2 ORDER BY waitlist.id LIMIT $3 FOR UPDATE
), gone AS (
  DELETE FROM waitlist USING waitlist_import AS import, batch
  WHERE waitlist.id = batch.id AND import.id = $1
    AND (confirmed_at IS NULL OR import.are_confirmed AND confirmed_at = created_at)
    AND invited_at IS NULL AND signed_up_at IS NULL AND left_at IS NULL AND deleted_at IS NULL
    AND NOT {was_acted_on}
    AND NOT EXISTS (SELECT FROM waitlist_invitation WHERE entry_id = waitlist.id)
  RETURNING waitlist.id, email
), counted AS (
  UPDATE waitlist_import SET
    done = done + passed.entries, reached = coalesce(passed.last, reached), removed = removed + passed.gone,
    state = CASE WHEN passed.entries < $3 THEN 'removed' ELSE state END,
    ended_at = CASE WHEN passed.entries < $3 THEN $4 END
  FROM (SELECT count(*) AS entries, max(id) AS last, (SELECT count(*) FROM gone) AS gone FROM batch) AS passed
  WHERE waitlist_import.id = $1
)
SELECT id, email FROM gone
