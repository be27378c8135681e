-- What came of the deliveries of the lease $1, whose time is $2 ahead of the database's. One whose lease was lost is another
-- worker's.
UPDATE webhook_delivery AS delivery
SET state = result.state, attempts = delivery.attempts + 1, lease_token = NULL, attempted_at = now() + $2,
    next_attempt_at = now() + $2 + result.pause * interval '1 millisecond', status = result.status,
    problem = result.problem, milliseconds = result.milliseconds, answer = result.answer
FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::integer[], $7::text[], $8::integer[], $9::text[])
  AS result (id, state, pause, status, problem, milliseconds, answer)
WHERE delivery.id = result.id AND delivery.lease_token = $1 AND delivery.state = 'sending'
