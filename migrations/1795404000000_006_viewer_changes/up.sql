-- Users whose cached viewer must be read anew. Every replica polls for what it has not yet seen. No
-- foreign key: that a user is gone is the most urgent change of all.
CREATE TABLE IF NOT EXISTS viewer_change (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT viewer_change_pkey PRIMARY KEY,
  user_id text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX IF NOT EXISTS viewer_change_changed_at_idx ON viewer_change (changed_at);

INSERT INTO migrations (timestamp, name)
SELECT 1795404000000, '006_viewer_changes'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '006_viewer_changes'
);
