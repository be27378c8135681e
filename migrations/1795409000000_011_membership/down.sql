ALTER TABLE "user" DROP COLUMN IF EXISTS deactivated_by;
ALTER TABLE "user" DROP COLUMN IF EXISTS managed_since;

DELETE FROM migrations WHERE name = '011_membership';
