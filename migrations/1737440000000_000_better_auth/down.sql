DROP TABLE IF EXISTS verification;
DROP TABLE IF EXISTS session;
DROP TABLE IF EXISTS account;
DROP TABLE IF EXISTS "user";

-- The register goes last, and only when nobody else is in it.
DO $$
BEGIN
  IF to_regclass('migrations') IS NOT NULL THEN
    DELETE FROM migrations WHERE name = '000_better_auth';
    IF NOT EXISTS (SELECT 1 FROM migrations) THEN
      DROP TABLE migrations;
    END IF;
  END IF;
END
$$;
