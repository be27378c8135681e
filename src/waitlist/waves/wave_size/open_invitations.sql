-- How many are in a wave already and can still be invited, by the role that they have now: it may have changed since. Each
-- place is looked up by itself: OFFSET 0 keeps the planner, which takes few places for confirmed, from reading all of them.
SELECT CASE place.role WHEN 'organization' THEN place.role ELSE 'employee' END AS role, count(*) AS entries
FROM (SELECT entry_id FROM waitlist_invitation WHERE state IN ('waiting', 'queued') OFFSET 0) AS open
CROSS JOIN LATERAL (
  SELECT role, waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) AS state
  FROM waitlist WHERE id = open.entry_id OFFSET 0
) AS place
WHERE place.state = 'confirmed'
GROUP BY 1
