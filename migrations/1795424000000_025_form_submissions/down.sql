ALTER TABLE IF EXISTS waitlist DROP COLUMN IF EXISTS submission;
DROP TABLE IF EXISTS used_link;
DROP TABLE IF EXISTS form_submission;

DELETE FROM migrations WHERE name = '025_form_submissions';
