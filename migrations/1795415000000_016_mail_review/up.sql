-- Mail that people can stop, and the admin's page of it.

-- Links beside the one that a letter is about: to the page where its reader manages what is held, and to stop such mail
-- with one click (RFC 8058). Rows of `verification`, as `link_id` is; their tokens are derived when the letter is sent.
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS manage_link_id text;
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS unsubscribe_link_id text;
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS unsubscribe_path text;

CREATE INDEX IF NOT EXISTS outbox_letter_status_created_at_id_idx ON outbox_letter (status, created_at, id);
CREATE INDEX IF NOT EXISTS outbox_letter_created_at_id_idx ON outbox_letter (created_at, id);

-- What relays said last, and the texts of refused letters that may be tried again.
CREATE INDEX IF NOT EXISTS outbox_letter_replied_idx ON outbox_letter (created_at, id) WHERE last_reply IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_letter_refused_idx ON outbox_letter (not_after)
  WHERE status = 'dead' AND text_body <> '';

-- What somebody did, by kind; and the admins, of whom there are few.
CREATE INDEX IF NOT EXISTS audit_event_actor_id_action_happened_at_id_idx
  ON audit_event (actor_id, action, happened_at, id);
CREATE INDEX IF NOT EXISTS user_admin_idx ON "user" (id) WHERE type = 'admin';

-- While it has its one row, no letter is taken from the outbox.
CREATE TABLE IF NOT EXISTS outbox_pause (
  is_paused boolean CONSTRAINT outbox_pause_pkey PRIMARY KEY
    CONSTRAINT outbox_pause_is_paused_check CHECK (is_paused),
  paused_at timestamptz NOT NULL,
  paused_by text
);

INSERT INTO migrations (timestamp, name)
SELECT 1795415000000, '016_mail_review'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '016_mail_review'
);
