-- The same for the listed places of each source, and those of them that were confirmed.
INSERT INTO waitlist_source_change (source, joined, confirmed)
SELECT source, sum(joined), sum(confirmed) FROM (
  SELECT source, count(*) AS joined, count(confirmed_at) AS confirmed
  FROM waitlist WHERE source IS NOT NULL AND deleted_at IS NULL GROUP BY 1
  UNION ALL SELECT source, -joined, -confirmed FROM {counted}
) AS compared
GROUP BY 1 HAVING sum(joined) <> 0 OR sum(confirmed) <> 0
