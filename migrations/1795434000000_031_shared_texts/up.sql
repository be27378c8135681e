-- Texts of letters that are the same for every reader of a language, each once. A letter names its text, so that it stays the
-- same mail when it is sent again by a later version of the program. Texts about one person stay in the letter's row.
CREATE TABLE IF NOT EXISTS outbox_text (
  -- SHA-256 of both parts.
  id bytea CONSTRAINT outbox_text_pkey PRIMARY KEY,
  text_body text NOT NULL,
  html_body text NOT NULL,
  -- No letter that names the text is sent after this.
  kept_until timestamptz NOT NULL
);
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS text_id bytea;

CREATE INDEX IF NOT EXISTS outbox_letter_refused_text_idx ON outbox_letter (not_after)
  WHERE status = 'dead' AND (text_body <> '' OR text_id IS NOT NULL);
DROP INDEX IF EXISTS outbox_letter_refused_idx;

INSERT INTO migrations (timestamp, name)
SELECT 1795434000000, '031_shared_texts'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '031_shared_texts'
);
