-- Sources are kept in small letters, so that `Feria` and `feria` are one. In the locale C, since in others not every capital of
-- ASCII has its small letter.
UPDATE waitlist SET source = lower(source COLLATE "C") WHERE source <> lower(source COLLATE "C");

INSERT INTO migrations (timestamp, name)
SELECT 1795470000000, '067_sources_in_small_letters'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '067_sources_in_small_letters'
);
