-- Writes the shared texts that letters name unless these are there and kept as long, and the letters, at the last value. They
-- are due at once by the database's clock, which workers go by: the host's may be ahead. The texts are kept a day longer, so
-- that letters of the same day find them; in one order, so that two transactions never wait for each other.
WITH shared AS (
  INSERT INTO outbox_text AS known (id, text_body, html_body, kept_until)
  SELECT id, text_body, html_body, needed_until + interval '1 day'
  FROM unnest($1::bytea[], $2::text[], $3::text[], $4::timestamptz[]) AS new (id, text_body, html_body, needed_until)
  WHERE NOT EXISTS (SELECT FROM outbox_text AS there WHERE there.id = new.id AND there.kept_until >= needed_until)
  ORDER BY id
  ON CONFLICT ON CONSTRAINT outbox_text_pkey
    DO UPDATE SET kept_until = greatest(known.kept_until, excluded.kept_until)
)
INSERT INTO outbox_letter (id, kind, recipient, subject, text_id, text_body, html_body, link_id, manage_link_id,
  unsubscribe_link_id, unsubscribe_path, priority, not_after, next_attempt_at, created_at)
SELECT letter.*, now(), moment.at
FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::text[],
    $14::text[], $15::text[], $16::integer[], $17::timestamptz[]) AS letter,
  (SELECT $18::timestamptz AS at) AS moment
