-- The same for the confirmed of each role by the minute in which they joined.
INSERT INTO waitlist_turn_change (role, minute, entries)
SELECT role, minute, sum(entries) FROM (
  SELECT {role} AS role, floor(date_part('epoch', created_at) / 60)::bigint AS minute, count(*) AS entries
  FROM waitlist WHERE {state} = 'confirmed' GROUP BY 1, 2
  UNION ALL SELECT role, minute, -entries FROM {counted}
) AS compared
GROUP BY 1, 2 HAVING sum(entries) <> 0
