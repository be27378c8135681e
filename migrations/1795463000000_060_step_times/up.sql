-- How many confirmed, were invited and signed up in a week is counted from these. Nobody who joins is in them yet, so that a
-- join writes nothing more.
CREATE INDEX IF NOT EXISTS waitlist_confirmed_at_idx ON waitlist (confirmed_at) WHERE confirmed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS waitlist_invited_at_idx ON waitlist (invited_at) WHERE invited_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS waitlist_signed_up_at_idx ON waitlist (signed_up_at) WHERE signed_up_at IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795463000000, '060_step_times'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '060_step_times'
);
