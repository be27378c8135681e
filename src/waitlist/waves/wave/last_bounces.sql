-- The last letters of wave $1 that were refused, at most $2, and what the relay said.
SELECT waitlist.id AS entry_id, waitlist.email, waitlist_invitation.bounced_at, {reply} AS reply
FROM waitlist_invitation
LEFT JOIN waitlist ON waitlist.id = entry_id
WHERE wave_id = $1 AND state = 'bounced'
ORDER BY waitlist_invitation.bounced_at DESC NULLS LAST LIMIT $2
