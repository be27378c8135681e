-- What a join computes and writes without need.

-- Addresses are written in lower case, and the constraint finds those; rows of the old application with capitals are found by
-- an index that holds them alone. So are those that a mailbox would know by a plainer spelling. Letters of all states are
-- found by the index of each state.
CREATE INDEX IF NOT EXISTS waitlist_email_capitals_idx ON waitlist (lower(email)) WHERE email <> lower(email);
DROP INDEX IF EXISTS waitlist_email_lower_idx;
DROP INDEX IF EXISTS outbox_letter_created_at_id_idx;

-- As in 013_waitlist_review and 051_sources, but without the rules of a language, which take nine times as long and change
-- nothing where all but ASCII is in lower case already.
CREATE OR REPLACE FUNCTION waitlist_twin_key(email text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN split_part(lower(email COLLATE "C"), '@', 2) IN ('gmail.com', 'googlemail.com')
      THEN replace(split_part(split_part(lower(email COLLATE "C"), '@', 1), '+', 1), '.', '') || '@gmail.com'
    ELSE split_part(split_part(lower(email COLLATE "C"), '@', 1), '+', 1) || '@' || split_part(lower(email COLLATE "C"), '@', 2)
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
    (ARRAY[left(lower(email COLLATE "C"), 1), left(lower(email COLLATE "C"), 2)]),
    (ARRAY[source])
  $columns$;
  trigrams text := $trigrams$, (lower(email COLLATE "C")) %I.gin_trgm_ops$trigrams$;
  home name;
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_indexes
    WHERE indexname IN ('waitlist_search_idx', 'waitlist_filter_idx') AND indexdef LIKE '%COLLATE "C"%'
  ) THEN
    DROP INDEX IF EXISTS waitlist_search_idx, waitlist_filter_idx, waitlist_twin_key_idx;
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
CREATE INDEX IF NOT EXISTS waitlist_twin_key_idx ON waitlist (waitlist_twin_key(email)) WHERE waitlist_twin_key(email) <> email;

INSERT INTO migrations (timestamp, name)
SELECT 1795464000000, '061_lighter_joins'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '061_lighter_joins'
);
