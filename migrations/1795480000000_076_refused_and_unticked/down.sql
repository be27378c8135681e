ALTER TABLE webhook DROP COLUMN IF EXISTS forgets_after;
DROP INDEX IF EXISTS webhook_delivery_refused_idx;

DELETE FROM migrations WHERE name = '076_refused_and_unticked';
