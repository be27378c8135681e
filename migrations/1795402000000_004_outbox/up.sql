-- Every mail is a row here, written in the transaction of what it tells about.
--
-- The bodies hold a placeholder instead of the link's token, which the worker derives from
-- `link_id` (a row of `verification`, without a foreign key, since that row goes away). They are
-- emptied when the mail is done. While a mail is being sent, `next_attempt_at` is the end of its
-- lease: what is due is always `next_attempt_at <= now`, and a worker that lost its lease no longer
-- knows the `lease_token`.
CREATE TABLE IF NOT EXISTS outbox_letter (
  id text CONSTRAINT outbox_letter_pkey PRIMARY KEY,
  kind text NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  text_body text NOT NULL,
  html_body text NOT NULL,
  link_id text,
  status text NOT NULL DEFAULT 'queued'
    CONSTRAINT outbox_letter_status_check
    CHECK (status IN ('queued', 'sending', 'sent', 'dead', 'expired', 'cancelled')),
  claims integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  lease_token text,
  not_after timestamptz,
  last_reply text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
) WITH (
  -- A queue dies of dead rows: room for updates in place, and an early, frequent vacuum.
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 500
);

CREATE INDEX IF NOT EXISTS outbox_letter_due_idx ON outbox_letter (next_attempt_at)
  WHERE status IN ('queued', 'sending');
CREATE INDEX IF NOT EXISTS outbox_letter_recipient_kind_created_at_idx
  ON outbox_letter (recipient, kind, created_at);

INSERT INTO migrations (timestamp, name)
SELECT 1795402000000, '004_outbox'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '004_outbox'
);
