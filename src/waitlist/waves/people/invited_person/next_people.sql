-- The next people of wave $1 behind invitation $2, at most $3: those whose invitation is in one of the states $4 and who were
-- taken as one of the roles $5; where $6, only who signed up. Each state is walked by its index, so that little more is read
-- than is shown; the rows are compared because equalities would let the primary key be walked as well, through all other
-- states. OFFSET 0: each place is looked up by itself, whatever the planner thinks of how many they are.
SELECT waitlist_invitation.id, waitlist.id AS entry_id, waitlist.email, waitlist_invitation.role, waitlist_invitation.state,
       coalesce(waitlist_invitation.sent_at, waitlist_invitation.bounced_at) AS ended_at, waitlist_invitation.signed_up_at,
       {reason} AS skip_reason
FROM (
  SELECT part.* FROM unnest($4::text[]) AS wanted (state)
  CROSS JOIN LATERAL (
    SELECT id, wave_id, entry_id, role, state, letter_id, sent_at, bounced_at, signed_up_at FROM waitlist_invitation
    WHERE (wave_id, state, id) > ($1, wanted.state, $2) AND (wave_id, state) <= ($1, wanted.state)
      AND role = ANY ($5) AND (signed_up_at IS NOT NULL OR NOT $6)
    ORDER BY wave_id, state, id LIMIT $3
  ) AS part
  ORDER BY id LIMIT $3
) AS waitlist_invitation
JOIN waitlist_wave ON waitlist_wave.id = wave_id
LEFT JOIN LATERAL (
  SELECT id, email, deleted_at, left_at, bounced_at, signed_up_at FROM waitlist WHERE id = entry_id OFFSET 0
) AS waitlist ON true
ORDER BY waitlist_invitation.id
