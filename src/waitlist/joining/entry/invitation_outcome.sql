-- The reason of an invitation that was skipped, of the rows waitlist (none when the place is not there), waitlist_invitation
-- and waitlist_wave. What happened to the place after the wave had ended did not skip it.
CASE WHEN waitlist.id IS NULL THEN 'gone'
     WHEN waitlist.deleted_at <= coalesce(waitlist_wave.ended_at, 'infinity') THEN 'deleted'
     WHEN waitlist.left_at <= coalesce(waitlist_wave.ended_at, 'infinity') THEN 'left'
     WHEN waitlist.bounced_at <= coalesce(waitlist_wave.ended_at, 'infinity') THEN 'bounced'
     WHEN waitlist.signed_up_at <= coalesce(waitlist_wave.ended_at, 'infinity') THEN 'signed_up'
     WHEN waitlist_wave.state = 'cancelled' THEN 'cancelled'
     WHEN waitlist_invitation.letter_id IS NOT NULL THEN 'withdrawn'
     ELSE 'other' END
