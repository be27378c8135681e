DROP TABLE IF EXISTS recovery_code;
DROP TABLE IF EXISTS second_factor;
ALTER TABLE IF EXISTS "user" DROP COLUMN IF EXISTS second_factor_since;

DELETE FROM migrations WHERE name = '046_second_factor';
