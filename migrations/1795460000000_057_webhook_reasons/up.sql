-- Why an endpoint was switched off: when, and what its last answer was. Those that were off before have no reason here.
ALTER TABLE webhook ADD COLUMN IF NOT EXISTS off_at timestamptz;
ALTER TABLE webhook ADD COLUMN IF NOT EXISTS off_status integer;
ALTER TABLE webhook ADD COLUMN IF NOT EXISTS off_problem text;

-- How often a delivery was sent before somebody had it sent once more: then its attempts are counted anew.
ALTER TABLE webhook_delivery ADD COLUMN IF NOT EXISTS former_attempts integer NOT NULL DEFAULT 0;

INSERT INTO migrations (timestamp, name)
SELECT 1795460000000, '057_webhook_reasons'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '057_webhook_reasons'
);
