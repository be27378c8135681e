DROP TABLE IF EXISTS audit_event;
DROP TABLE IF EXISTS avatar;

ALTER TABLE session DROP COLUMN IF EXISTS last_seen_at;
ALTER TABLE session DROP COLUMN IF EXISTS authenticated_at;

DROP INDEX IF EXISTS user_purge_at_idx;
ALTER TABLE "user" DROP COLUMN IF EXISTS purge_at;

DELETE FROM migrations WHERE name = '007_account_trust';
