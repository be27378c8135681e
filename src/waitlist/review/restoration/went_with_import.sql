-- Whether an entry came with an import that was undone since, and nothing was done by its owner or to it but its deletion: had
-- it not been deleted, it would have gone with the others. The import is looked up for each entry, by its id.
coalesce((
  SELECT import.state IN ('removing', 'removed')
         AND (waitlist.confirmed_at IS NULL OR import.are_confirmed AND waitlist.confirmed_at = waitlist.created_at)
  FROM waitlist_import AS import WHERE import.id = waitlist.import_id
), false) AND invited_at IS NULL AND signed_up_at IS NULL AND left_at IS NULL
AND NOT {was_acted_on} AND NOT EXISTS (SELECT FROM waitlist_invitation WHERE entry_id = waitlist.id)
