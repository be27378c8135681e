-- The next invitations, at most $1, of the waves that are sending, the oldest first. Their places are locked by this; one that
-- somebody else has locked has its turn later, and keeps no other invitation and no other wave waiting: of each wave as many
-- are looked at as may be locked at a time.
SELECT next.id, wave_id, entry_id
FROM (SELECT id FROM waitlist_wave WHERE state = 'sending' ORDER BY id) AS wave
CROSS JOIN LATERAL (
  SELECT id, wave_id, entry_id FROM waitlist_invitation
  WHERE wave_id = wave.id AND state = 'waiting' ORDER BY id LIMIT $1 + 100
) AS next
LEFT JOIN LATERAL (SELECT id FROM waitlist WHERE id = entry_id FOR UPDATE SKIP LOCKED) AS place ON true
WHERE entry_id IS NULL OR place.id IS NOT NULL
LIMIT $1
