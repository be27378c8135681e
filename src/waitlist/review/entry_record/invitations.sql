-- The invitations of place $1, at most $2, the newest first. What waits for a paused wave is held.
SELECT wave_id,
       CASE WHEN waitlist_wave.state = 'paused' AND waitlist_invitation.state = 'waiting' THEN 'held'
            ELSE waitlist_invitation.state END AS state, coalesce(waitlist_invitation.sent_at, waitlist_invitation.bounced_at) AS ended_at,
       {reason} AS skip_reason
FROM waitlist_invitation
JOIN waitlist_wave ON waitlist_wave.id = wave_id
JOIN waitlist ON waitlist.id = entry_id
WHERE entry_id = $1
ORDER BY waitlist_invitation.id DESC LIMIT $2
