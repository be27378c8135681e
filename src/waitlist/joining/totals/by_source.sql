-- The largest of the sums and whatever changed since; the rest of the sums, which may be many, is not read.
SELECT named.source,
       (coalesce(total.joined, 0) + coalesce(changed.joined, 0))::bigint AS joined,
       (coalesce(total.confirmed, 0) + coalesce(changed.confirmed, 0))::bigint AS confirmed
FROM (
  (SELECT source FROM waitlist_source_total ORDER BY joined DESC LIMIT $1) UNION SELECT source FROM waitlist_source_change
) AS named
LEFT JOIN LATERAL (
  SELECT joined, confirmed FROM waitlist_source_total AS total WHERE total.source = named.source LIMIT 1
) AS total ON true
LEFT JOIN (
  SELECT source, sum(joined) AS joined, sum(confirmed) AS confirmed FROM waitlist_source_change GROUP BY source
) AS changed ON changed.source = named.source
WHERE coalesce(total.joined, 0) + coalesce(changed.joined, 0) > 0
ORDER BY joined DESC, named.source LIMIT $1
