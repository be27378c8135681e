-- The background jobs that fail, each as the process tells of it in which it fails, so that an admin sees it whichever process
-- answers. There is a row only while a job fails.
CREATE TABLE IF NOT EXISTS failing_job (
  job text NOT NULL,
  -- The machine, and the number of the process there.
  process text NOT NULL,
  failing_since timestamptz NOT NULL,
  failed_at timestamptz NOT NULL,
  -- In our own words: the server's may hold what somebody typed.
  reason text NOT NULL,
  -- By the clock of the database. A process that has ended says nothing more.
  told_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT failing_job_pkey PRIMARY KEY (job, process)
);

INSERT INTO migrations (timestamp, name)
SELECT 1795471000000, '064_failing_jobs'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '064_failing_jobs'
);
