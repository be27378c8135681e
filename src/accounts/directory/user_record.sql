SELECT id, email, name, {KIND} AS kind, {STATE} AS state, profession, "createdAt" AS created_at, purge_at, second_factor_since,
       "organizationId" AS organization_id,
       (SELECT coalesce(nullif(organization.name, ''), organization.email)
        FROM "user" AS organization WHERE organization.id = owner."organizationId") AS organization,
       (SELECT count(*) FROM "user" AS member WHERE member."organizationId" = owner.id) AS members
FROM "user" AS owner WHERE id = $1
