-- Ends, at $1, the queued invitations whose letter ended without a notice of it, and gives their waves. Locks places before
-- invitations, as everywhere: the join has no row to lock before it has counted the places, which are locked by then. A place
-- that somebody else has locked has its turn later, and keeps none of the others waiting.
WITH places AS MATERIALIZED (
  SELECT waitlist.id FROM waitlist
  WHERE id IN (
    SELECT entry_id FROM waitlist_invitation JOIN outbox_letter ON outbox_letter.id = letter_id
    WHERE state = 'queued' AND outbox_letter.status = 'sent'
  ) ORDER BY id FOR UPDATE SKIP LOCKED
), ended AS (
  SELECT waitlist_invitation.id, entry_id, wave_id, outbox_letter.sent_at,
         CASE outbox_letter.status WHEN 'sent' THEN 'sent' WHEN 'dead' THEN 'bounced' ELSE 'skipped' END AS ending
  FROM waitlist_invitation LEFT JOIN outbox_letter ON outbox_letter.id = letter_id
  CROSS JOIN (SELECT count(*) FROM places) AS locked
  WHERE state = 'queued' AND (outbox_letter.id IS NULL OR outbox_letter.status NOT IN ('queued', 'sending'))
    AND (outbox_letter.status IS DISTINCT FROM 'sent' OR entry_id IS NULL OR entry_id IN (SELECT id FROM places))
  FOR UPDATE OF waitlist_invitation SKIP LOCKED
), invited AS (
  UPDATE waitlist SET invited_at = ended.sent_at FROM ended
  WHERE ending = 'sent' AND waitlist.id = entry_id AND waitlist.invited_at IS NULL
)
UPDATE waitlist_invitation SET
  state = ending, sent_at = ended.sent_at, bounced_at = CASE ending WHEN 'bounced' THEN $1 END
FROM ended WHERE waitlist_invitation.id = ended.id
RETURNING ended.wave_id
