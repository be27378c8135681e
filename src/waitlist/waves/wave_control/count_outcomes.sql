-- The letters of wave $1 that the relay took over or refused since the wave was made or resumed, while it is sending.
SELECT count(*) AS ended, count(*) FILTER (WHERE waitlist_invitation.state = 'bounced') AS bounced
FROM waitlist_invitation JOIN waitlist_wave ON waitlist_wave.id = wave_id
WHERE wave_id = $1 AND waitlist_wave.state = 'sending'
  AND (waitlist_invitation.state = 'sent' AND sent_at >= counted_from
    OR waitlist_invitation.state = 'bounced' AND bounced_at >= counted_from)
