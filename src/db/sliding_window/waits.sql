SELECT rule.key, greatest(1, ceil(extract(epoch FROM
         min(hit) + make_interval(secs => rule.seconds) - clock_timestamp())))::bigint AS seconds
FROM unnest($1, $2) AS rule (key, seconds)
LEFT JOIN rate_limit AS known ON known.key = rule.key
LEFT JOIN unnest(known.hits) AS hit ON hit > clock_timestamp() - make_interval(secs => rule.seconds)
GROUP BY rule.key, rule.seconds
