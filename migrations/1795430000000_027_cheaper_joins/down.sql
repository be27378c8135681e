DO $$
DECLARE
  index name;
BEGIN
  FOR index IN
    SELECT relname FROM pg_class
    WHERE oid IN (to_regclass('waitlist_search_idx'), to_regclass('waitlist_filter_idx'))
  LOOP
    EXECUTE format('ALTER INDEX %I SET (gin_pending_list_limit = 64)', index);
  END LOOP;
  -- Nothing but this function counts insertions; where it is gone, the triggers are those of before already.
  IF to_regproc('waitlist_count_changes') IS NOT NULL THEN
    LOCK TABLE waitlist IN ACCESS EXCLUSIVE MODE;
    DROP FUNCTION waitlist_count_changes() CASCADE;
    CREATE TRIGGER waitlist_count_insert AFTER INSERT ON waitlist
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count();
    CREATE TRIGGER waitlist_count_update AFTER UPDATE ON waitlist
      REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_count();
    CREATE TRIGGER waitlist_turn_count_insert AFTER INSERT ON waitlist
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_turn_count();
  END IF;
END
$$;

DELETE FROM migrations WHERE name = '027_cheaper_joins';
