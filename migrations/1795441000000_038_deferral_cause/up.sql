-- Why a letter waits for another attempt when its recipient is not the reason: the relay takes no letters from us, or this
-- letter cannot be built or stops its sender.
ALTER TABLE outbox_letter ADD COLUMN IF NOT EXISTS deferral_cause text
  CONSTRAINT outbox_letter_deferral_cause_check CHECK (deferral_cause IN ('relay', 'letter'));

CREATE INDEX IF NOT EXISTS outbox_letter_deferral_cause_idx ON outbox_letter (deferral_cause)
  WHERE status = 'queued' AND deferral_cause IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795441000000, '038_deferral_cause'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '038_deferral_cause'
);
