DO $$
DECLARE
  columns text := $columns$
    (ARRAY[floor(date_part('epoch', created_at AT TIME ZONE 'UTC') / 604800)]),
    (ARRAY[
      CASE role WHEN 'organization' THEN role ELSE 'employee' END,
      waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)
    ]),
    (ARRAY[left(lower(email), 1), left(lower(email), 2)])
  $columns$;
  trigrams text := $trigrams$, (lower(email)) %I.gin_trgm_ops$trigrams$;
  home name;
BEGIN
  -- Dropping the column drops the index for searches, which holds it.
  IF EXISTS (
    SELECT 1 FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'waitlist' AND column_name = 'source'
  ) THEN
    DROP TRIGGER IF EXISTS waitlist_source_count_delete ON waitlist;
    ALTER TABLE waitlist DROP COLUMN source;
    SELECT nspname INTO home
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm' AND has_schema_privilege(extnamespace, 'USAGE');
    IF home IS NULL THEN
      EXECUTE 'CREATE INDEX IF NOT EXISTS waitlist_filter_idx ON waitlist USING gin (' || columns
        || ') WITH (gin_pending_list_limit = 4096)';
    ELSE
      EXECUTE 'CREATE INDEX IF NOT EXISTS waitlist_search_idx ON waitlist USING gin (' || columns
        || format(trigrams, home) || ') WITH (gin_pending_list_limit = 4096)';
    END IF;
  END IF;
END
$$;
DROP FUNCTION IF EXISTS waitlist_source_uncount();

-- As in 027_cheaper_joins.
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
  ELSE
    INSERT INTO waitlist_change (day, role, state, entries)
    SELECT (created_at AT TIME ZONE 'America/Santiago')::date,
           CASE role WHEN 'professional' THEN 'employee' ELSE role END,
           waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), sum(one)
    FROM (SELECT 1 AS one, * FROM after UNION ALL SELECT -1 AS one, * FROM before) AS changed
    GROUP BY 1, 2, 3 HAVING sum(one) <> 0;
  END IF;
  RETURN NULL;
END
$$;

DROP TABLE IF EXISTS waitlist_source_change, waitlist_source_total;

DELETE FROM migrations WHERE name = '051_sources';
