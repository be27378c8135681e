WITH taken AS (
  DELETE FROM waitlist_source_change WHERE id IN (
    SELECT id FROM waitlist_source_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
  ) RETURNING source, joined, confirmed
), summed AS (
  INSERT INTO waitlist_source_total (source, joined, confirmed)
  SELECT source, sum(joined), sum(confirmed) FROM taken GROUP BY 1
  ORDER BY 1 -- one order for all, so that two processes never wait for each other
  ON CONFLICT ON CONSTRAINT waitlist_source_total_pkey DO UPDATE
    SET joined = waitlist_source_total.joined + excluded.joined,
        confirmed = waitlist_source_total.confirmed + excluded.confirmed
)
SELECT count(*) AS entries FROM taken
