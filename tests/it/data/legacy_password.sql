-- After legacy.sql: the same database where Better Auth keeps its hashes in `account`.
-- The password is "correct horse battery staple".
INSERT INTO account (id, user_id, provider, provideraccountid) VALUES
  ('acc-5', 'legacy-3', 'credential', 'legacy-3'),
  ('acc-6', 'legacy-4', 'credential', 'legacy-4'),
  ('acc-7', 'legacy-6', 'credential', 'legacy-6');
ALTER TABLE account ADD COLUMN password text;
UPDATE account SET password = '9f86d081884c7d659a2feaa0c55ad015:97d47df5d547258b860af02ef4f3e3d69e346fcc0887faccd03564204d389e4bacee13f9aedff163e2edfdd865cec75aa916522faa4d83a13e2b63dac4936674'
WHERE provider = 'credential' AND id <> 'acc-3';
