-- The next invitations, at most $1, of the oldest wave that is sending and has any waiting.
SELECT id, wave_id, entry_id FROM waitlist_invitation
WHERE state = 'waiting' AND wave_id = (
  SELECT id FROM waitlist_wave
  WHERE state = 'sending'
    AND EXISTS (SELECT FROM waitlist_invitation WHERE wave_id = waitlist_wave.id AND state = 'waiting')
  ORDER BY id LIMIT 1
)
ORDER BY id LIMIT $1
