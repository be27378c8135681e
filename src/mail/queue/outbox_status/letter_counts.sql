SELECT state.status,
  (SELECT count(*) FROM (
    SELECT FROM outbox_letter WHERE status = state.status ORDER BY created_at, id LIMIT $2) AS part) AS letters
FROM unnest($1) AS state (status)
