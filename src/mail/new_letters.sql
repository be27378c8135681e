-- Writes letters at $5, and the shared texts that they name ($1 to $4) unless these are there and kept as long. They are
-- kept a day longer, so that letters of the same day find them; in one order, so that two transactions never wait for each
-- other.
WITH shared AS (
  INSERT INTO outbox_text AS known (id, text_body, html_body, kept_until)
  SELECT id, text_body, html_body, needed_until + interval '1 day'
  FROM unnest($1, $2, $3, $4) AS new (id, text_body, html_body, needed_until)
  WHERE NOT EXISTS (SELECT FROM outbox_text AS there WHERE there.id = new.id AND there.kept_until >= needed_until)
  ORDER BY id
  ON CONFLICT ON CONSTRAINT outbox_text_pkey
    DO UPDATE SET kept_until = greatest(known.kept_until, excluded.kept_until)
)
INSERT INTO outbox_letter (id, kind, recipient, subject, text_id, text_body, html_body, link_id, manage_link_id,
  unsubscribe_link_id, unsubscribe_path, priority, not_after, next_attempt_at, created_at)
SELECT *, $5, $5 FROM unnest($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
