WITH taken AS (
  DELETE FROM waitlist_change WHERE id IN (
    SELECT id FROM waitlist_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
  ) RETURNING day, role, state, entries
), summed AS (
  INSERT INTO waitlist_total (day, role, state, entries)
  SELECT day, role, state, sum(entries) FROM taken GROUP BY 1, 2, 3
  ORDER BY 1, 2, 3 -- one order for all, so that two processes never wait for each other
  ON CONFLICT ON CONSTRAINT waitlist_total_pkey DO UPDATE SET entries = waitlist_total.entries + excluded.entries
)
SELECT count(*) AS entries FROM taken
