-- Whose a former address was is found by an index: the changes of addresses are few among all events.
CREATE INDEX IF NOT EXISTS audit_event_former_email_idx ON audit_event (lower(details ->> 'from'))
  WHERE action IN ('email_changed', 'email_change_undone');

INSERT INTO migrations (timestamp, name)
SELECT 1795476000000, '072_former_addresses'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '072_former_addresses'
);
