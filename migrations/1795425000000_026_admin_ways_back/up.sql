-- Ways back for admins, and counters in place of counting: of a wave's invitations, and of who is before whom.

-- When an admin brought the place back last: what prunes places counts from here.
ALTER TABLE waitlist ADD COLUMN IF NOT EXISTS restored_at timestamptz;

-- The list of deletions, newest first.
CREATE INDEX IF NOT EXISTS waitlist_deletion_made_at_id_idx ON waitlist_deletion (made_at, id);

-- How many invitations of a wave and role are in which state. Every statement that changes invitations changes these too.
CREATE TABLE IF NOT EXISTS waitlist_wave_count (
  wave_id bigint NOT NULL
    CONSTRAINT waitlist_wave_count_wave_id_fkey REFERENCES waitlist_wave (id) ON DELETE CASCADE,
  role text NOT NULL,
  waiting bigint NOT NULL,
  queued bigint NOT NULL,
  sent bigint NOT NULL,
  bounced bigint NOT NULL,
  skipped bigint NOT NULL,
  signed_up bigint NOT NULL,
  CONSTRAINT waitlist_wave_count_pkey PRIMARY KEY (wave_id, role)
);
-- What was sent and what bounced before `counted_from`.
ALTER TABLE waitlist_wave ADD COLUMN IF NOT EXISTS sent_before bigint NOT NULL DEFAULT 0;
ALTER TABLE waitlist_wave ADD COLUMN IF NOT EXISTS bounced_before bigint NOT NULL DEFAULT 0;

-- Invitations go with their wave only, and its counts with it: so nothing happens when one is deleted.
CREATE OR REPLACE FUNCTION waitlist_wave_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- There is no `before` when rows are inserted.
  before_rows text := CASE TG_OP WHEN 'UPDATE'
    THEN 'UNION ALL SELECT wave_id, role, state, signed_up_at, -1 FROM before' ELSE '' END;
BEGIN
  EXECUTE $sql$
    INSERT INTO waitlist_wave_count AS counted (wave_id, role, waiting, queued, sent, bounced, skipped, signed_up)
    SELECT * FROM (
      SELECT wave_id, role,
        coalesce(sum(one) FILTER (WHERE state = 'waiting'), 0) AS waiting,
        coalesce(sum(one) FILTER (WHERE state = 'queued'), 0) AS queued,
        coalesce(sum(one) FILTER (WHERE state = 'sent'), 0) AS sent,
        coalesce(sum(one) FILTER (WHERE state = 'bounced'), 0) AS bounced,
        coalesce(sum(one) FILTER (WHERE state = 'skipped'), 0) AS skipped,
        coalesce(sum(one) FILTER (WHERE signed_up_at IS NOT NULL), 0) AS signed_up
      FROM (SELECT wave_id, role, state, signed_up_at, 1 AS one FROM after $sql$ || before_rows || $sql$) AS changed
      GROUP BY wave_id, role
    ) AS summed
    WHERE (waiting, queued, sent, bounced, skipped, signed_up) <> (0, 0, 0, 0, 0, 0)
    ORDER BY wave_id, role -- one order for all, so that two transactions do not wait for each other
    ON CONFLICT ON CONSTRAINT waitlist_wave_count_pkey DO UPDATE SET
      waiting = counted.waiting + excluded.waiting, queued = counted.queued + excluded.queued,
      sent = counted.sent + excluded.sent, bounced = counted.bounced + excluded.bounced,
      skipped = counted.skipped + excluded.skipped, signed_up = counted.signed_up + excluded.signed_up
  $sql$;
  RETURN NULL;
END
$$;

-- The confirmed of each role by the minute in which they joined (since 1970): a place's rank counts its own minute alone.
CREATE TABLE IF NOT EXISTS waitlist_turn_total (
  role text NOT NULL,
  minute bigint NOT NULL,
  entries bigint NOT NULL,
  CONSTRAINT waitlist_turn_total_pkey PRIMARY KEY (role, minute)
);
-- What changed since these totals were last brought up to date, as for `waitlist_total`.
CREATE TABLE IF NOT EXISTS waitlist_turn_change (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_turn_change_pkey PRIMARY KEY,
  role text NOT NULL,
  minute bigint NOT NULL,
  entries bigint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);

CREATE OR REPLACE FUNCTION waitlist_turn_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO waitlist_turn_change (role, minute, entries)
    SELECT CASE role WHEN 'organization' THEN role ELSE 'employee' END,
           floor(date_part('epoch', created_at) / 60)::bigint, count(*)
    FROM after
    WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed'
    GROUP BY 1, 2;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO waitlist_turn_change (role, minute, entries)
    SELECT CASE role WHEN 'organization' THEN role ELSE 'employee' END,
           floor(date_part('epoch', created_at) / 60)::bigint, -count(*)
    FROM before
    WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed'
    GROUP BY 1, 2;
  ELSE
    INSERT INTO waitlist_turn_change (role, minute, entries)
    SELECT CASE role WHEN 'organization' THEN role ELSE 'employee' END,
           floor(date_part('epoch', created_at) / 60)::bigint, sum(one)
    FROM (
      SELECT 1 AS one, * FROM after UNION ALL SELECT -1 AS one, * FROM before
    ) AS changed
    WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed'
    GROUP BY 1, 2 HAVING sum(one) <> 0;
  END IF;
  RETURN NULL;
END
$$;

-- Counting starts from what is there, with no write in between.
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM pg_trigger WHERE tgrelid = 'waitlist_invitation'::regclass AND tgname = 'waitlist_wave_count_insert'
  ) THEN
    LOCK TABLE waitlist IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE waitlist_wave IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE waitlist_invitation IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM waitlist_wave_count;
    INSERT INTO waitlist_wave_count (wave_id, role, waiting, queued, sent, bounced, skipped, signed_up)
    SELECT wave_id, role,
           count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'queued'),
           count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'bounced'),
           count(*) FILTER (WHERE state = 'skipped'), count(signed_up_at)
    FROM waitlist_invitation GROUP BY 1, 2;
    UPDATE waitlist_wave SET sent_before = before.sent, bounced_before = before.bounced
    FROM (
      SELECT wave_id, count(*) FILTER (WHERE invitation.state = 'sent' AND sent_at < counted_from) AS sent,
             count(*) FILTER (WHERE invitation.state = 'bounced' AND bounced_at < counted_from) AS bounced
      FROM waitlist_invitation AS invitation JOIN waitlist_wave AS wave ON wave.id = wave_id
      WHERE wave.state IN ('sending', 'paused') GROUP BY 1
    ) AS before WHERE before.wave_id = waitlist_wave.id;
    DELETE FROM waitlist_turn_change;
    DELETE FROM waitlist_turn_total;
    INSERT INTO waitlist_turn_total (role, minute, entries)
    SELECT CASE role WHEN 'organization' THEN role ELSE 'employee' END,
           floor(date_part('epoch', created_at) / 60)::bigint, count(*)
    FROM waitlist
    WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed'
    GROUP BY 1, 2;
    CREATE TRIGGER waitlist_turn_count_insert AFTER INSERT ON waitlist
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_turn_count();
    CREATE TRIGGER waitlist_turn_count_update AFTER UPDATE ON waitlist
      REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_turn_count();
    CREATE TRIGGER waitlist_turn_count_delete AFTER DELETE ON waitlist
      REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION waitlist_turn_count();
    CREATE TRIGGER waitlist_wave_count_update AFTER UPDATE ON waitlist_invitation
      REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_wave_count();
    CREATE TRIGGER waitlist_wave_count_insert AFTER INSERT ON waitlist_invitation
      REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION waitlist_wave_count();
  END IF;
END
$$;

INSERT INTO migrations (timestamp, name)
SELECT 1795425000000, '026_admin_ways_back'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '026_admin_ways_back'
);
