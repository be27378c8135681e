-- The links to a place are computed from its id and this number, and end with it. Each new place has a number of its own: an
-- id that is given out again, as after a backup was restored, must not open its new place to whoever has links of the
-- former one. The rows before have 0.
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS generation bigint NOT NULL DEFAULT 0;
ALTER TABLE waitlist ALTER COLUMN generation SET DEFAULT (random() * 9007199254740991)::bigint;

INSERT INTO migrations (timestamp, name)
SELECT 1795433000000, '030_link_generation'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '030_link_generation'
);
