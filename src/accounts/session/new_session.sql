WITH owner AS (
  SELECT "user".id, account.id AS account_id
  FROM "user"
  JOIN account ON account.user_id = "user".id
    AND account.provider = 'credential' AND account.provideraccountid = "user".id
  WHERE "user".id = $1 AND account.password = $2
    AND "user"."isActive" IS DISTINCT FROM false AND "user"."isEmailVerified" AND "user".purge_at IS NULL
  FOR SHARE -- what changed either row meanwhile is waited for, and the conditions looked at again
), ended AS (
  DELETE FROM session WHERE token = $3 AND EXISTS (SELECT FROM owner) RETURNING user_id
), told AS (
  INSERT INTO viewer_change (user_id) SELECT user_id FROM ended
), rehashed AS (
  UPDATE account SET password = $11, updated_at = $9
  FROM owner WHERE account.id = owner.account_id AND $11 IS NOT NULL
), excused AS (
  UPDATE rate_limit SET hits = hits[:cardinality(hits) - 1]
  WHERE key = ANY($10) AND EXISTS (SELECT FROM owner)
), started AS (
  INSERT INTO session (id, user_id, token, expires_at, ip_address, user_agent, created_at, updated_at,
                       authenticated_at, last_seen_at)
  SELECT $4, owner.id, $5, $6, $7, $8, $9, $9, $9, $9 FROM owner
  ON CONFLICT (token) DO NOTHING -- the same form was sent before
  RETURNING id
), event AS (
  INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, ip_address, user_agent)
  SELECT $12, $9, $13, owner.id, owner.id, $7, $8 FROM owner, started
)
SELECT (SELECT user_id FROM ended) AS ended,
       EXISTS (SELECT FROM started) AS started,
       EXISTS (SELECT FROM audit_event
               WHERE user_id = $1 AND action IN ('logged_in', 'logged_in_from_new_device')) AS has_logged_in
