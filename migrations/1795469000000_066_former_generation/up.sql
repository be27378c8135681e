-- The number of the secret before the one in use. Numbers are no longer consecutive: each is at least the minutes since 1970,
-- so that a secret which is made after a backup was restored is none that was in use, and perhaps known, before. Where it is
-- NULL, the number is the one before.
ALTER TABLE webhook ADD COLUMN IF NOT EXISTS former_generation integer;

INSERT INTO migrations (timestamp, name)
SELECT 1795469000000, '066_former_generation'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '066_former_generation'
);
