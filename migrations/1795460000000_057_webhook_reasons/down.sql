ALTER TABLE webhook_delivery DROP COLUMN IF EXISTS former_attempts;

ALTER TABLE webhook DROP COLUMN IF EXISTS off_problem;
ALTER TABLE webhook DROP COLUMN IF EXISTS off_status;
ALTER TABLE webhook DROP COLUMN IF EXISTS off_at;

DELETE FROM migrations WHERE name = '057_webhook_reasons';
