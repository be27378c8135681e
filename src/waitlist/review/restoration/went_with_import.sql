-- Whether an entry came with an import that was undone since, and its owner had done nothing: had it not been deleted, it
-- would have gone with the others. The import is looked up for each entry, by its id.
coalesce((
  SELECT import.state IN ('removing', 'removed')
         AND (waitlist.confirmed_at IS NULL OR import.are_confirmed AND waitlist.confirmed_at = waitlist.created_at)
  FROM waitlist_import AS import WHERE import.id = waitlist.import_id
), false) AND invited_at IS NULL AND signed_up_at IS NULL AND left_at IS NULL
