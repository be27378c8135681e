-- Counts so many hits of each key as its window has room for, and returns how many. A full window stays as it is.
INSERT INTO rate_limit AS known (key, most, hits, expires_at)
SELECT rule.key, rule.most, array_fill(moment.at, ARRAY[least(rule.times, rule.most)::integer]), moment.at + make_interval(secs => rule.seconds)
FROM unnest($1, $2, $3, $4) AS rule (key, most, seconds, times), (SELECT clock_timestamp() AS at) AS moment
ORDER BY rule.key -- one order for all, so that two requests never wait for each other
ON CONFLICT (key) DO UPDATE
SET most = excluded.most,
    expires_at = excluded.expires_at,
    hits = (
      -- Later than every hit before, by a microsecond where the clock has not moved: it tells the new hits from the others.
      SELECT live.hits || array_fill(
               greatest(excluded.hits[1], live.hits[cardinality(live.hits)] + interval '1 microsecond'),
               ARRAY[least(cardinality(excluded.hits), excluded.most - cardinality(live.hits))])
      FROM (SELECT ARRAY(SELECT hit FROM unnest(known.hits) AS hit WHERE hit > excluded.hits[1] - (excluded.expires_at - excluded.hits[1])) AS hits) AS live)
WHERE (SELECT count(*) FROM unnest(known.hits) AS hit WHERE hit > excluded.hits[1] - (excluded.expires_at - excluded.hits[1])) < excluded.most
RETURNING key, cardinality(array_positions(hits, hits[cardinality(hits)])) AS admitted
