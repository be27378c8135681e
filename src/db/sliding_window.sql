INSERT INTO rate_limit AS known (key, most, hits, expires_at)
SELECT rule.key, rule.most, ARRAY[moment.at], moment.at + make_interval(secs => rule.seconds)
FROM unnest($1, $2, $3) AS rule (key, most, seconds), (SELECT clock_timestamp() AS at) AS moment
ORDER BY rule.key -- one order for all, so that two requests never wait for each other
ON CONFLICT (key) DO UPDATE
SET most = excluded.most,
    expires_at = excluded.expires_at,
    hits = ARRAY(SELECT hit FROM unnest(known.hits) AS hit WHERE hit > excluded.hits[1] - (excluded.expires_at - excluded.hits[1])) || excluded.hits
WHERE (SELECT count(*) FROM unnest(known.hits) AS hit WHERE hit > excluded.hits[1] - (excluded.expires_at - excluded.hits[1])) < excluded.most
RETURNING key
