-- How many are in a wave already and can still be invited, by role.
SELECT waitlist_invitation.role, count(*) AS entries
FROM waitlist_invitation JOIN waitlist ON waitlist.id = entry_id
WHERE state IN ('waiting', 'queued') AND waitlist_state(confirmed_at, invited_at, waitlist.signed_up_at,
  waitlist.bounced_at, left_at, deleted_at) = 'confirmed'
GROUP BY 1
