DROP TABLE IF EXISTS failing_job;

DELETE FROM migrations WHERE name = '064_failing_jobs';
