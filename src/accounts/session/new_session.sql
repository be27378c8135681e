WITH owner AS (
  SELECT "user".id, account.id AS account_id
  FROM "user"
  JOIN account ON account.user_id = "user".id
    AND account.provider = 'credential' AND account.provideraccountid = "user".id
  WHERE "user".id = $1 AND account.password = $2
    AND "user"."isActive" IS DISTINCT FROM false AND "user"."isEmailVerified" AND "user".purge_at IS NULL
    AND "user".second_factor_since IS NOT DISTINCT FROM $3 -- what was proved is what is asked for now
  FOR SHARE -- what changed either row meanwhile is waited for, and the conditions looked at again
), ended AS (
  DELETE FROM session WHERE token = $4 AND EXISTS (SELECT FROM owner) RETURNING user_id
), told AS (
  INSERT INTO viewer_change (user_id) SELECT user_id FROM ended
), rehashed AS (
  UPDATE account SET password = $5, updated_at = $6
  FROM owner WHERE account.id = owner.account_id AND $5::text IS NOT NULL
), excused AS (
  UPDATE rate_limit SET hits = hits[:cardinality(hits) - 1]
  WHERE key = ANY($7) AND EXISTS (SELECT FROM owner)
    AND NOT EXISTS (SELECT FROM session WHERE id = $8) -- the statement was done, and is done once more
), started AS (
  INSERT INTO session (id, user_id, token, expires_at, ip_address, user_agent, created_at, updated_at,
                       authenticated_at, last_seen_at)
  SELECT $8, owner.id, $9, $10, $11, $12, $6, $6, $6, $6 FROM owner
  ON CONFLICT (token) DO NOTHING -- the same form was sent before
  RETURNING id
), submitted AS (
  INSERT INTO form_submission (id, answer, created_at, subject)
  SELECT $13::bytea, $14, $6, $15 FROM started WHERE $13::bytea IS NOT NULL -- an equal one that took effect undoes all of this
), event AS (
  INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, ip_address, user_agent)
  SELECT $16, $6, $17, owner.id, owner.id, $11, $12 FROM owner, started
)
SELECT (SELECT user_id FROM ended) AS ended,
       EXISTS (SELECT FROM started UNION ALL SELECT FROM session WHERE id = $8) AS started, -- or it did so just now
       EXISTS (SELECT FROM audit_event
               WHERE user_id = $1 AND action IN ('logged_in', 'logged_in_from_new_device')) AS has_logged_in
