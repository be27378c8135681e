-- The search of users finds names however their accents are typed: `munoz` finds Muñoz.
--
-- Like 008_user_search, whose index it replaces, but for the key. `user_filter.rs` in src/accounts/directory writes
-- the same expressions.

-- What a text is searched by: small letters without accents. The marks that stand behind their letter (U+0300,
-- U+0301, U+0302, U+0303, U+0308, U+0327), as some keyboards write them, are dropped.
CREATE OR REPLACE FUNCTION search_key(typed text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT pg_catalog.translate(
    pg_catalog.lower($1),
    'áàâäãåāéèêëēíìîïīóòôöõøōúùûüūñçýÿ' || U&'\0300\0301\0302\0303\0308\0327',
    'aaaaaaaeeeeeiiiiiooooooouuuuuncyy'
  )
$$;

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
    (ARRAY[left(lower(email), 1), left(lower(email), 2), left(search_key(name), 1), left(search_key(name), 2)])
  $columns$;
  trigrams text := $trigrams$, (search_key(email || E'\n' || coalesce(name, ''))) %I.gin_trgm_ops$trigrams$;
  home name;
BEGIN
  SELECT nspname INTO home
  FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
  WHERE extname = 'pg_trgm' AND has_schema_privilege(extnamespace, 'USAGE');
  IF home IS NULL THEN
    EXECUTE 'CREATE INDEX IF NOT EXISTS user_key_filter_idx ON "user" USING gin (' || columns
      || ') WITH (gin_pending_list_limit = 64)';
  ELSE
    EXECUTE 'CREATE INDEX IF NOT EXISTS user_key_search_idx ON "user" USING gin (' || columns
      || format(trigrams, home) || ') WITH (gin_pending_list_limit = 64)';
    DROP INDEX IF EXISTS user_key_filter_idx;
  END IF;
  DROP INDEX IF EXISTS user_search_idx, user_filter_idx;
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795419500000, '020_search_key'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '020_search_key'
);
