-- How many people a wave took, so that an index finds the waves of several among those of one: the invitation of one place is a
-- wave too, and so there may be many. Nobody is taken in later, and invitations go with their wave only.
ALTER TABLE waitlist_wave ADD COLUMN IF NOT EXISTS people bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION waitlist_wave_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE waitlist_wave SET people = waitlist_wave.people + taken.people
  FROM (SELECT wave_id, count(*) AS people FROM after GROUP BY wave_id) AS taken
  WHERE waitlist_wave.id = taken.wave_id;
  RETURN NULL;
END
$$;

-- Counting starts from what is there, with no write in between.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_trigger WHERE tgrelid = 'waitlist_invitation'::regclass AND tgname = 'waitlist_wave_people_insert'
  ) THEN
    LOCK TABLE waitlist_wave IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE waitlist_invitation IN SHARE ROW EXCLUSIVE MODE;
    UPDATE waitlist_wave SET people = counted.people
    FROM (
      SELECT wave_id, sum(waiting + queued + sent + bounced + skipped) AS people FROM waitlist_wave_count GROUP BY wave_id
    ) AS counted WHERE counted.wave_id = waitlist_wave.id;
    CREATE TRIGGER waitlist_wave_people_insert AFTER INSERT ON waitlist_invitation
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_wave_people();
  END IF;
END
$$;

CREATE INDEX IF NOT EXISTS waitlist_wave_made_at_id_idx ON waitlist_wave (made_at, id);
CREATE INDEX IF NOT EXISTS waitlist_wave_several_idx ON waitlist_wave (made_at, id) WHERE people > 1;

INSERT INTO migrations (timestamp, name)
SELECT 1795477000000, '073_wave_people'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '073_wave_people'
);
