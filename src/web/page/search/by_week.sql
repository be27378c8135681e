-- OFFSET 0 and IS TRUE keep the planner from scanning the index of the order after all.
WITH RECURSIVE span AS (
    SELECT (SELECT {week} FROM {table} WHERE {beyond} ORDER BY {order} LIMIT 1) AS week, 1 AS weeks
    UNION ALL
    SELECT (SELECT {week} FROM {table} WHERE {next} AND {days} ORDER BY {order} LIMIT 1), least(weeks * 2, {weeks})
    FROM span WHERE week IS NOT NULL
)
SELECT found.* FROM span, LATERAL (
    SELECT {columns}, 0::bigint AS scanned FROM (
        SELECT * FROM {table}
        WHERE ARRAY[{week}] && ARRAY(SELECT span.week {sign} n FROM generate_series(0, span.weeks - 1) AS n)
            AND {conditions} AND ({beyond}) IS TRUE
        OFFSET 0
    ) AS part {sort} LIMIT {limit}
) AS found LIMIT {limit}
