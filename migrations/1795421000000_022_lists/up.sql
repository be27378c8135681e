-- Lists as people have them: kept whole until they are read, so that a process that dies loses nothing; and files that
-- came with a form which had to wait.

ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS repeated integer NOT NULL DEFAULT 0;
-- The heading, as a line of CSV.
ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS heading text;
-- The role of all lines, where the list has no column for it.
ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS role text;
-- The file while its lines come in, and when whoever reads it gave the last sign of life.
ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS file bytea;
ALTER TABLE waitlist_import ADD COLUMN IF NOT EXISTS alive_at timestamptz;
-- All cells, as a line of CSV, until the line has brought a place.
ALTER TABLE waitlist_import_line ADD COLUMN IF NOT EXISTS whole text;

CREATE TABLE IF NOT EXISTS kept_upload (
  id text CONSTRAINT kept_upload_pkey PRIMARY KEY,
  user_id text NOT NULL CONSTRAINT kept_upload_user_id_fkey REFERENCES "user" (id) ON DELETE CASCADE,
  field text NOT NULL,
  file bytea NOT NULL,
  kept_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS kept_upload_user_id_idx ON kept_upload (user_id, kept_at);
CREATE INDEX IF NOT EXISTS kept_upload_kept_at_idx ON kept_upload (kept_at);

INSERT INTO migrations (timestamp, name)
SELECT 1795421000000, '022_lists'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '022_lists'
);
