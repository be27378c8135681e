-- The last letters of wave $1 that were refused, at most $2, and what the relay said.
SELECT waitlist.email, waitlist_invitation.bounced_at, outbox_letter.last_reply AS reply
FROM waitlist_invitation
LEFT JOIN waitlist ON waitlist.id = entry_id
LEFT JOIN outbox_letter ON outbox_letter.id = letter_id
WHERE wave_id = $1 AND state = 'bounced'
ORDER BY waitlist_invitation.bounced_at DESC NULLS LAST LIMIT $2
