DROP INDEX IF EXISTS verification_pending_email_idx;
DROP INDEX IF EXISTS audit_event_names_idx;
DO $$
BEGIN
  IF to_regclass('audit_event') IS NOT NULL THEN
    CREATE INDEX IF NOT EXISTS audit_event_addresses_idx ON audit_event (id) WHERE details::text ~ '@|%40';
  END IF;
  IF to_regprocedure('waitlist_state(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz)')
    IS NOT NULL
  THEN
    CREATE INDEX IF NOT EXISTS waitlist_role_created_at_id_idx ON waitlist (role, created_at, id);
    CREATE INDEX IF NOT EXISTS waitlist_state_created_at_id_idx ON waitlist (
      waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at), created_at, id
    );
  END IF;
END
$$;

DELETE FROM migrations WHERE name = '028_unused_indexes';
