-- The places that need a review, newest first: few of a long list. Whoever joins without a sign of automation is not in it.
CREATE INDEX IF NOT EXISTS waitlist_flagged_idx ON waitlist (created_at, id) WHERE coalesce(cardinality(signals), 0) > 0;

INSERT INTO migrations (timestamp, name)
SELECT 1795466000000, '063_flagged_places'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '063_flagged_places'
);
