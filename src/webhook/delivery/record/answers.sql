-- What came of the deliveries of the lease $1, whose time is $2 ahead of the database's. One whose lease was lost is another
-- worker's.
UPDATE webhook_delivery AS delivery
SET state = result.state, attempts = delivery.attempts + 1, lease_token = NULL, attempted_at = now() + $2,
    next_attempt_at = now() + $2 + result.pause * interval '1 millisecond', status = result.status,
    problem = result.problem, milliseconds = result.milliseconds,
    -- The address may have been unticked, and forgotten, while the endpoint was called: the answer may repeat it.
    answer = CASE
      WHEN NOT result.had_address
        OR webhook.with_address AND NOT webhook_is_unticked(webhook.unticked, 'email', delivery.id) THEN result.answer
    END
FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::integer[], $7::text[], $8::integer[], $9::text[], $10::boolean[])
  AS result (id, state, pause, status, problem, milliseconds, answer, had_address), webhook
WHERE delivery.id = result.id AND webhook.id = delivery.webhook_id AND delivery.lease_token = $1 AND delivery.state = 'sending'
