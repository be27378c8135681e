-- The admin's list of users: filtered and searched at a million rows, newest first.
--
-- One index for all of it, since PostgreSQL joins its columns before it looks at any row. The week
-- lets the list be walked from the newest rows to older ones a few weeks at a time, and stop when a
-- page is full: without it, a search that finds half the table would sort half the table. The
-- other columns are kind and state, the first one and two letters of address and name, and the
-- parts of three letters of both (pg_trgm, which any owner of a database may install since
-- PostgreSQL 13). Where pg_trgm is not to be had, searches work and are slow; once it is there,
-- this script can be applied again by hand. The list of pending rows is short, since every search
-- reads all of it. `user_filter.rs`, `user_search.rs` and `user_state.rs` in src/accounts write the
-- same expressions.
DO $$
DECLARE
  columns text := $columns$
    (ARRAY[floor(date_part('epoch', "createdAt" AT TIME ZONE 'UTC') / 604800)]),
    (ARRAY[
      CASE type WHEN 'organization' THEN type WHEN 'admin' THEN type ELSE 'employee' END,
      CASE
        WHEN "isActive" IS NOT DISTINCT FROM false THEN 'deactivated'
        WHEN "isEmailVerified" IS DISTINCT FROM true THEN 'unverified'
        WHEN purge_at IS NOT NULL THEN 'leaving'
        ELSE 'active'
      END
    ]),
    (ARRAY[left(lower(email), 1), left(lower(email), 2), left(lower(name), 1), left(lower(name), 2)])
  $columns$;
  trigrams text := $trigrams$, (lower(email || E'\n' || coalesce(name, ''))) %I.gin_trgm_ops$trigrams$;
  home name;
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    BEGIN
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION
    WHEN lock_not_available OR deadlock_detected THEN RAISE;
    -- Hosted servers refuse with codes of their own.
    WHEN OTHERS THEN
      RAISE NOTICE 'pg_trgm may not be installed here: searches of users will be slow';
    END;
  END IF;
  SELECT nspname INTO home
  FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
  WHERE extname = 'pg_trgm' AND has_schema_privilege(extnamespace, 'USAGE');
  IF home IS NULL THEN
    EXECUTE 'CREATE INDEX IF NOT EXISTS user_filter_idx ON "user" USING gin (' || columns
      || ') WITH (gin_pending_list_limit = 64)';
  ELSE
    EXECUTE 'CREATE INDEX IF NOT EXISTS user_search_idx ON "user" USING gin (' || columns
      || format(trigrams, home) || ') WITH (gin_pending_list_limit = 64)';
    DROP INDEX IF EXISTS user_filter_idx;
  END IF;
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795406000000, '008_user_search'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '008_user_search'
);
