-- Indexes that no plan uses; every join wrote two of them. tests/it/plans.txt has the plans.

DROP INDEX IF EXISTS waitlist_role_created_at_id_idx;
DROP INDEX IF EXISTS waitlist_state_created_at_id_idx;

-- The few events that name any address, as an equation: PostgreSQL expects few rows of one. Of the condition of
-- `audit_event_addresses_idx`, a regular expression, it expected that every row matches, and read them all instead.
CREATE INDEX IF NOT EXISTS audit_event_names_idx ON audit_event (id)
  WHERE (details::text ~ '@|%40')::integer = 1;
DROP INDEX IF EXISTS audit_event_addresses_idx;

-- Links that would give somebody an address: an erasure ends those of its own.
CREATE INDEX IF NOT EXISTS verification_pending_email_idx ON verification ((pending ->> 'email'))
  WHERE pending ->> 'email' IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795431000000, '028_unused_indexes'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '028_unused_indexes'
);
