-- Pressing twice is pressing once.

-- Forms that were sent and took effect, for a day. The id is a keyed hash of all that was sent, and the answer is
-- encrypted with another: neither can be read, nor tried, without the form itself.
CREATE TABLE IF NOT EXISTS form_submission (
  id bytea CONSTRAINT form_submission_pkey PRIMARY KEY,
  answer text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS form_submission_created_at_idx ON form_submission (created_at);

-- The submission that made the entry: joining needs no row of its own.
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS submission bytea;

-- Links of mails that did what they are for, for some minutes: who comes after is told what was done. Tokens by their
-- hash, as in `verification`.
CREATE TABLE IF NOT EXISTS used_link (
  token text CONSTRAINT used_link_pkey PRIMARY KEY,
  purpose text NOT NULL,
  used_at timestamptz NOT NULL
);

INSERT INTO migrations (timestamp, name)
SELECT 1795424000000, '025_form_submissions'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '025_form_submissions'
);
