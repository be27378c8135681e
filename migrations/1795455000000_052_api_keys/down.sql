ALTER TABLE IF EXISTS audit_event DROP COLUMN IF EXISTS key_name;
DROP TABLE IF EXISTS api_key;

DELETE FROM migrations WHERE name = '052_api_keys';
