WITH owner AS (
  SELECT "user".id, account.id AS account_id
  FROM "user"
  JOIN account ON account.user_id = "user".id
  WHERE "user".id = $1 AND (account.password = $2 OR $3::text <> 'credential')
    AND account.provider = $3 AND account.provideraccountid = $4
    AND ("user".type <> 'admin' OR $3 = 'credential') -- whoever became an admin since logs in with the password
    AND "user"."isActive" IS DISTINCT FROM false AND "user"."isEmailVerified" AND "user".purge_at IS NULL
    AND "user".second_factor_since IS NOT DISTINCT FROM $5 -- what was proved is what is asked for now
  FOR SHARE -- what changed either row meanwhile is waited for, and the conditions looked at again
), ended AS (
  DELETE FROM session WHERE token = $6 AND EXISTS (SELECT FROM owner) RETURNING user_id
), told AS (
  INSERT INTO viewer_change (user_id) SELECT user_id FROM ended
), rehashed AS (
  UPDATE account SET password = $7, updated_at = $8
  FROM owner WHERE account.id = owner.account_id AND $7::text IS NOT NULL
), excused AS (
  UPDATE rate_limit SET hits = hits[:cardinality(hits) - 1]
  FROM (
    SELECT key FROM rate_limit
    -- Not ANY: counted as ten keys, it makes the plan for any values look dearer than one planned anew each time.
    WHERE key IN (SELECT unnest($9) LIMIT cardinality($9)) AND EXISTS (SELECT FROM owner)
      AND NOT EXISTS (SELECT FROM session WHERE id = $10) -- the statement was done, and is done once more
    ORDER BY key FOR UPDATE -- in the order in which hits are counted, so that two requests never wait for each other
  ) AS counted
  WHERE rate_limit.key = counted.key
), started AS (
  INSERT INTO session (id, user_id, token, expires_at, ip_address, user_agent, created_at, updated_at,
                       authenticated_at, last_seen_at)
  SELECT $10, owner.id, $11, $12, $13, $14, $8, $8, $15, $8 FROM owner
  ON CONFLICT (token) DO NOTHING -- the same form was sent before
  RETURNING id
), submitted AS (
  INSERT INTO form_submission (id, answer, created_at, subject)
  SELECT $16::bytea, $17, $8, $18 FROM started WHERE $16::bytea IS NOT NULL -- an equal one that took effect undoes all of this
), event AS (
  INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, ip_address, user_agent, details)
  SELECT $19, $8, $20, owner.id, owner.id, $13, $14, $21 FROM owner, started
)
SELECT (SELECT user_id FROM ended) AS ended,
       EXISTS (SELECT FROM started UNION ALL SELECT FROM session WHERE id = $10) AS started, -- or it did so just now
       EXISTS (SELECT FROM audit_event
               WHERE user_id = $1 AND action IN ('logged_in', 'logged_in_from_new_device')) AS has_logged_in
