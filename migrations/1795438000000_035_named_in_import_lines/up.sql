-- Lines of imports are found by what they name and by whether they were taken, however many there are.

-- The addresses that a text may name, each shortened to the letters and digits on both sides of its `@`: a mention of an
-- address has the same ones as the address itself, whatever stands around it and however it is encoded.
CREATE OR REPLACE FUNCTION waitlist_mentions(cells text) RETURNS text[]
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100
  AS $$
    WITH parts AS (
      SELECT regexp_replace(replace(lower(cells COLLATE "C"), '%40', '@'), '%[0-9a-f]{2}', ' ', 'g') AS decoded
    ), split AS (SELECT string_to_array(decoded, '@') AS part FROM parts)
    SELECT coalesce(
      array_agg(DISTINCT substring(part[i] FROM '[a-z0-9]*$') || '@' || substring(part[i + 1] FROM '^[a-z0-9]*')), '{}')
    FROM split, generate_series(1, cardinality(part) - 1) AS i
  $$;

-- A line that could be read and names one address is found by that; the others may name anybody. No list of pending
-- entries: a search for a thousand addresses would read it a thousand times.
CREATE INDEX IF NOT EXISTS waitlist_import_line_mentions_idx ON waitlist_import_line
  USING gin (waitlist_mentions(coalesce(whole, typed_email || ' ' || typed_role))) WITH (fastupdate = off)
  WHERE email IS NULL OR coalesce(whole, typed_email || ' ' || typed_role) ~ '(@|%40).*(@|%40)';
DROP INDEX IF EXISTS waitlist_import_line_unread_idx;

-- The lines that bring no place, which may be a few among hundreds of thousands.
CREATE INDEX IF NOT EXISTS waitlist_import_line_rejects_idx ON waitlist_import_line (import_id, line)
  WHERE outcome IN ('duplicate', 'repeated', 'invalid', 'opted_out');

INSERT INTO migrations (timestamp, name)
SELECT 1795438000000, '035_named_in_import_lines'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '035_named_in_import_lines'
);
