WITH taken AS (
  DELETE FROM waitlist_turn_change WHERE id IN (
    SELECT id FROM waitlist_turn_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
  ) RETURNING role, minute, entries
), summed AS (
  INSERT INTO waitlist_turn_total (role, minute, entries)
  SELECT role, minute, sum(entries) FROM taken GROUP BY 1, 2
  ORDER BY 1, 2 -- one order for all, so that two processes never wait for each other
  ON CONFLICT ON CONSTRAINT waitlist_turn_total_pkey DO UPDATE
    SET entries = waitlist_turn_total.entries + excluded.entries
)
SELECT count(*) AS entries FROM taken
