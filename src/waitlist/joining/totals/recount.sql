-- Adds what the totals are short of to the changes. It is one statement and sees one moment, in which every write is both in
-- the list and in the totals, or in neither: so it is exact while others write, and keeps nobody waiting.
INSERT INTO waitlist_change (day, role, state, entries)
SELECT day, role, state, sum(entries) FROM (
  SELECT (created_at AT TIME ZONE 'America/Santiago')::date AS day,
         CASE role WHEN 'professional' THEN 'employee' ELSE role END AS role, {state} AS state, count(*) AS entries
  FROM waitlist GROUP BY 1, 2, 3
  UNION ALL SELECT day, role, state, -entries FROM {counted}
) AS compared
GROUP BY 1, 2, 3 HAVING sum(entries) <> 0
