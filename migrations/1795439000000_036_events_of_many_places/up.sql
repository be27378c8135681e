-- The places that an event was about when it was about several at once, so that the story of each tells it.
CREATE TABLE IF NOT EXISTS audit_event_entry (
  event_id text NOT NULL
    CONSTRAINT audit_event_entry_event_id_fkey REFERENCES audit_event (id) ON DELETE CASCADE,
  entry_id bigint NOT NULL,
  CONSTRAINT audit_event_entry_pkey PRIMARY KEY (entry_id, event_id)
);
CREATE INDEX IF NOT EXISTS audit_event_entry_event_id_idx ON audit_event_entry (event_id);

INSERT INTO migrations (timestamp, name)
SELECT 1795439000000, '036_events_of_many_places'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '036_events_of_many_places'
);
