-- What was done to an address, by whom it was named: the few events that name one, so that it can be
-- forgotten with its account.
CREATE INDEX IF NOT EXISTS audit_event_details_email_idx
  ON audit_event ((details ->> 'email')) WHERE details ->> 'email' IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795411000000, '012_erasure'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '012_erasure'
);
