-- How many are in a wave already and can still be invited, by the role that they have now: it may have changed since.
SELECT CASE waitlist.role WHEN 'organization' THEN waitlist.role ELSE 'employee' END AS role, count(*) AS entries
FROM waitlist_invitation JOIN waitlist ON waitlist.id = entry_id
WHERE state IN ('waiting', 'queued') AND waitlist_state(confirmed_at, invited_at, waitlist.signed_up_at,
  waitlist.bounced_at, left_at, deleted_at) = 'confirmed'
GROUP BY 1
