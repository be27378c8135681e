-- The candidates of role $1, oldest first, as `waitlist_turn_idx` has them: those who confirmed and are in no wave. So many
-- invitations are open, so the first {most} candidates are among so many more confirmed places; without that limit all
-- places would be read. NOT IN and not NOT EXISTS: one lookup in a hash, whatever the planner thinks of the table.
FROM (
  SELECT id, email, created_at FROM waitlist WHERE {state} = 'confirmed' AND {role} = $1
  ORDER BY created_at, id
  LIMIT {most} + (SELECT count(*) FROM waitlist_invitation WHERE state IN ('waiting', 'queued'))
) AS oldest
WHERE id NOT IN (
  SELECT entry_id FROM waitlist_invitation WHERE state IN ('waiting', 'queued') AND entry_id IS NOT NULL
)
ORDER BY created_at, id
