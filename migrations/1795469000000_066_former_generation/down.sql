ALTER TABLE webhook DROP COLUMN IF EXISTS former_generation;

DELETE FROM migrations WHERE name = '066_former_generation';
