DROP INDEX IF EXISTS used_link_identifier_idx;
ALTER TABLE IF EXISTS used_link DROP COLUMN IF EXISTS identifier;
DROP INDEX IF EXISTS form_submission_subject_idx;
ALTER TABLE IF EXISTS form_submission DROP COLUMN IF EXISTS subject;

DELETE FROM migrations WHERE name = '037_taken_back';
