DROP TABLE IF EXISTS rate_limit;

DELETE FROM migrations WHERE name = '005_rate_limits';
