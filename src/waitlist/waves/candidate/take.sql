-- Takes into wave $2 those who were shown at $3 and still wait. Between the first ($5, $6) and the last ($7, $8), these
-- are the ones who were candidates at that time; when their fingerprint is not $4, somebody is unaccounted for, and
-- nobody is taken.
WITH shown AS (
  SELECT id, created_at, {state} = 'confirmed' AS is_waiting
  FROM waitlist
  WHERE {role} = $1 AND (created_at, id) >= ($5, $6) AND (created_at, id) <= ($7, $8) AND confirmed_at <= $3
    AND coalesce(least(invited_at, signed_up_at, bounced_at, left_at, deleted_at) >= $3, true)
    AND NOT EXISTS (
      SELECT FROM waitlist_invitation JOIN waitlist_wave ON waitlist_wave.id = wave_id
      WHERE entry_id = waitlist.id AND made_at < $3
        AND (waitlist_invitation.state IN ('waiting', 'queued') OR coalesce(sent_at, bounced_at) >= $3)
    )
), checked AS (
  SELECT (coalesce(sum(hashint8extended(id, 0)), 0) % 9223372036854775807)::bigint = $4 AS is_complete FROM shown
), taken AS (
  INSERT INTO waitlist_invitation (wave_id, entry_id, role)
  SELECT $2, id, $1 FROM shown, checked WHERE is_waiting AND is_complete ORDER BY created_at, id
  ON CONFLICT (entry_id) WHERE state IN ('waiting', 'queued') DO NOTHING
  RETURNING id
)
SELECT is_complete, (SELECT count(*) FROM taken) AS people FROM checked
