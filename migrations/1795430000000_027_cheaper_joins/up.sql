-- A join writes less: the search index takes it later, and one trigger counts it.

-- New rows wait in a list until they are put into the index for searches, all at once. A job does so several times a
-- second; at this length, in kB, a join would have to. Every search reads the list.
DO $$
DECLARE
  index name;
BEGIN
  FOR index IN
    SELECT relname FROM pg_class
    WHERE oid IN (to_regclass('waitlist_search_idx'), to_regclass('waitlist_filter_idx'))
  LOOP
    EXECUTE format('ALTER INDEX %I SET (gin_pending_list_limit = 4096)', index);
  END LOOP;
END
$$;

-- As `waitlist_count` (009_waitlist_lifecycle), but that an insertion is counted for `waitlist_turn_total` too
-- (026_admin_ways_back), and that an update writes nothing about a group whose number stays.
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

DO $$
BEGIN
  -- Until the transaction ends nobody writes: every change is counted once.
  LOCK TABLE waitlist IN ACCESS EXCLUSIVE MODE;
  DROP TRIGGER IF EXISTS waitlist_turn_count_insert ON waitlist;
  DROP TRIGGER IF EXISTS waitlist_count_insert ON waitlist;
  DROP TRIGGER IF EXISTS waitlist_count_update ON waitlist;
  CREATE TRIGGER waitlist_count_insert AFTER INSERT ON waitlist
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count_changes();
  CREATE TRIGGER waitlist_count_update AFTER UPDATE ON waitlist
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count_changes();
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795430000000, '027_cheaper_joins'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '027_cheaper_joins'
);
