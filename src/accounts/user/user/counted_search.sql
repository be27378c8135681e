SELECT ARRAY(SELECT key FROM counted) AS admitted, found.*
FROM (SELECT) AS always LEFT JOIN LATERAL (
  SELECT "user".id, "user".email, "user".name, "user".type AS type_, "user".profession,
         "user"."isActive" AS is_active, "user"."isEmailVerified" AS is_email_verified, "user".avatar,
         "user"."organizationId" AS organization_id, "user"."createdAt" AS created_at, "user".purge_at,
         "user".locale, "user".second_factor_since, account.password
  FROM "user"
  LEFT JOIN account ON account.user_id = "user".id
    AND account.provider = 'credential' AND account.provideraccountid = "user".id
  WHERE lower("user".email) = $5
  ORDER BY "user".email = $6 DESC, "user"."createdAt"
  LIMIT 1
) AS found ON true
