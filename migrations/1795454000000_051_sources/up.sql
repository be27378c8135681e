-- Where people came from: the source that the address of the page named when they joined, how many came from each, and the
-- search by it.

-- At most 64 letters, digits, dots, hyphens and underscores. NULL where the address named none, and in every older row.
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS source text;

-- The listed places of each source, and those of them that were confirmed: sums and changes, as for `waitlist_total`.
CREATE TABLE IF NOT EXISTS waitlist_source_total (
  source text CONSTRAINT waitlist_source_total_pkey PRIMARY KEY,
  joined bigint NOT NULL,
  confirmed bigint NOT NULL
);
-- Anybody can make up a source: the largest are found without reading all of them.
CREATE INDEX IF NOT EXISTS waitlist_source_total_joined_idx ON waitlist_source_total (joined);
CREATE TABLE IF NOT EXISTS waitlist_source_change (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_source_change_pkey PRIMARY KEY,
  source text NOT NULL,
  joined bigint NOT NULL,
  confirmed bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

-- As in 027_cheaper_joins, but that places with a source are counted for it too.
CREATE OR REPLACE FUNCTION waitlist_count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO waitlist_change (day, role, state, entries)
    SELECT (created_at AT TIME ZONE 'America/Santiago')::date,
           CASE role WHEN 'professional' THEN 'employee' ELSE role END,
           waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), count(*)
    FROM after GROUP BY 1, 2, 3;
    -- Nobody who joins is confirmed; whom an import brings may be.
    IF EXISTS (SELECT FROM after WHERE confirmed_at IS NOT NULL) THEN
      INSERT INTO waitlist_turn_change (role, minute, entries)
      SELECT CASE role WHEN 'organization' THEN role ELSE 'employee' END,
             floor(date_part('epoch', created_at) / 60)::bigint, count(*)
      FROM after
      WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed'
      GROUP BY 1, 2;
    END IF;
    IF EXISTS (SELECT FROM after WHERE source IS NOT NULL) THEN
      INSERT INTO waitlist_source_change (source, joined, confirmed)
      SELECT source, count(*), count(confirmed_at) FROM after
      WHERE source IS NOT NULL AND deleted_at IS NULL GROUP BY 1;
    END IF;
  ELSE
    INSERT INTO waitlist_change (day, role, state, entries)
    SELECT (created_at AT TIME ZONE 'America/Santiago')::date,
           CASE role WHEN 'professional' THEN 'employee' ELSE role END,
           waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), sum(one)
    FROM (SELECT 1 AS one, * FROM after UNION ALL SELECT -1 AS one, * FROM before) AS changed
    GROUP BY 1, 2, 3 HAVING sum(one) <> 0;
    IF EXISTS (SELECT FROM after WHERE source IS NOT NULL) OR EXISTS (SELECT FROM before WHERE source IS NOT NULL) THEN
      INSERT INTO waitlist_source_change (source, joined, confirmed)
      SELECT source, sum(one), sum(confirmed)
      FROM (
        SELECT source, deleted_at, 1 AS one, (confirmed_at IS NOT NULL)::integer AS confirmed FROM after
        UNION ALL SELECT source, deleted_at, -1, -(confirmed_at IS NOT NULL)::integer FROM before
      ) AS changed
      WHERE source IS NOT NULL AND deleted_at IS NULL GROUP BY 1 HAVING sum(one) <> 0 OR sum(confirmed) <> 0;
    END IF;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION waitlist_source_uncount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO waitlist_source_change (source, joined, confirmed)
  SELECT source, -count(*), -count(confirmed_at) FROM before
  WHERE source IS NOT NULL AND deleted_at IS NULL GROUP BY 1;
  RETURN NULL;
END
$$;

DO $$
DECLARE
  columns text := $columns$
    (ARRAY[floor(date_part('epoch', created_at AT TIME ZONE 'UTC') / 604800)]),
    (ARRAY[
      CASE role WHEN 'organization' THEN role ELSE 'employee' END,
      waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)
    ]),
    (ARRAY[left(lower(email), 1), left(lower(email), 2)]),
    (ARRAY[source])
  $columns$;
  trigrams text := $trigrams$, (lower(email)) %I.gin_trgm_ops$trigrams$;
  home name;
BEGIN
  -- No place had a source before this transaction, so that counting starts from nothing.
  IF NOT EXISTS (
    SELECT 1 FROM pg_trigger WHERE tgrelid = 'waitlist'::regclass AND tgname = 'waitlist_source_count_delete'
  ) THEN
    CREATE TRIGGER waitlist_source_count_delete AFTER DELETE ON waitlist
      REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION waitlist_source_uncount();
  END IF;
  -- The index for searches (013_waitlist_review) is built anew with the source.
  IF NOT EXISTS (
    SELECT 1 FROM pg_indexes
    WHERE indexname IN ('waitlist_search_idx', 'waitlist_filter_idx') AND indexdef LIKE '%ARRAY[source]%'
  ) THEN
    DROP INDEX IF EXISTS waitlist_search_idx, waitlist_filter_idx;
    SELECT nspname INTO home
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm' AND has_schema_privilege(extnamespace, 'USAGE');
    IF home IS NULL THEN
      EXECUTE 'CREATE INDEX waitlist_filter_idx ON waitlist USING gin (' || columns
        || ') WITH (gin_pending_list_limit = 4096)';
    ELSE
      EXECUTE 'CREATE INDEX waitlist_search_idx ON waitlist USING gin (' || columns || format(trigrams, home)
        || ') WITH (gin_pending_list_limit = 4096)';
    END IF;
  END IF;
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795454000000, '051_sources'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '051_sources'
);
