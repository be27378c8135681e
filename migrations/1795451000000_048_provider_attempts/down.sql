DROP TABLE IF EXISTS provider_attempt;

DELETE FROM migrations WHERE name = '048_provider_attempts';
