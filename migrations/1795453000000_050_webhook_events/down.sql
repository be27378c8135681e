DROP TRIGGER IF EXISTS user_webhook_delete ON "user";
DROP TRIGGER IF EXISTS user_webhook_update ON "user";
DROP TRIGGER IF EXISTS user_webhook_insert ON "user";
DROP TRIGGER IF EXISTS waitlist_webhook_delete ON waitlist;
DROP TRIGGER IF EXISTS waitlist_webhook_update ON waitlist;
DROP TRIGGER IF EXISTS waitlist_webhook_insert ON waitlist;
DROP FUNCTION IF EXISTS webhook_record_accounts();
DROP FUNCTION IF EXISTS webhook_record_entries();
DROP FUNCTION IF EXISTS webhook_address(boolean, text);
DROP FUNCTION IF EXISTS webhook_entry_data(
  bigint, text, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz);
DROP FUNCTION IF EXISTS webhook_time(timestamptz);

DELETE FROM migrations WHERE name = '050_webhook_events';
