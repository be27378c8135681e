-- What was done can be taken back: then nothing tells any more that it was done.

-- What a submission changed, such as the password of an account. Once that is changed by something else, the row is
-- deleted: its answer would be untrue.
ALTER TABLE form_submission ADD COLUMN IF NOT EXISTS subject text;
CREATE INDEX IF NOT EXISTS form_submission_subject_idx ON form_submission (subject) WHERE subject IS NOT NULL;

-- Whom or what a used link was about, as `identifier` names it in `verification`.
ALTER TABLE used_link ADD COLUMN IF NOT EXISTS identifier text;
CREATE INDEX IF NOT EXISTS used_link_identifier_idx ON used_link (identifier) WHERE identifier IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795440000000, '037_taken_back'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '037_taken_back'
);
