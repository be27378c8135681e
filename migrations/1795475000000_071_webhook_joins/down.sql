-- As before: every delivery in the statement of what happened. What waits is made first.
DO $$
BEGIN
  IF to_regprocedure('webhook_deliver_joins(bigint)') IS NOT NULL THEN
    PERFORM webhook_deliver_joins(9223372036854775807);
  END IF;
END
$$;

DROP TRIGGER IF EXISTS waitlist_webhook_insert ON waitlist;
CREATE TRIGGER waitlist_webhook_insert AFTER INSERT ON waitlist
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION webhook_record_entries();

DROP FUNCTION IF EXISTS webhook_deliver_joins(bigint), webhook_record_joins();
DROP TABLE IF EXISTS webhook_joins;

DELETE FROM migrations WHERE name = '071_webhook_joins';
