-- The first $2 candidates of role $1, as a form can name them: how many, from whom to whom, and a fingerprint of all ids.
-- The arrays are in the order of the rows, which come sorted: sorting them once more would take longer than the rest.
SELECT count(*) AS people, (coalesce(sum(hashint8extended(id, 0)), 0) % 9223372036854775807)::bigint AS fingerprint,
       min(created_at) AS first_at, (array_agg(id))[1] AS first_id,
       max(created_at) AS last_at, (array_agg(id))[count(*)::integer] AS last_id
FROM (SELECT id, created_at {oldest} LIMIT $2) AS shown
