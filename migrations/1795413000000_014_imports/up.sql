-- Lists of places that admins bring as CSV: read, checked, added and, if need be, taken away again, a batch of lines
-- at a time, by whichever process gets to it.
CREATE TABLE IF NOT EXISTS waitlist_import (
  id text CONSTRAINT waitlist_import_pkey PRIMARY KEY,
  state text NOT NULL CONSTRAINT waitlist_import_state_check CHECK (
    state IN ('reading', 'checking', 'checked', 'adding', 'added', 'removing', 'removed', 'cancelled')
  ),
  made_at timestamptz NOT NULL,
  made_by text,
  locale text NOT NULL,
  -- Whether these people confirmed their addresses elsewhere; else each is asked.
  are_confirmed boolean NOT NULL DEFAULT false,
  lines integer NOT NULL DEFAULT 0,
  -- Lines that the step under way has been through, and the last line or entry among them.
  done integer NOT NULL DEFAULT 0,
  reached bigint NOT NULL DEFAULT 0,
  fresh integer NOT NULL DEFAULT 0,
  duplicate integer NOT NULL DEFAULT 0,
  invalid integer NOT NULL DEFAULT 0,
  opted_out integer NOT NULL DEFAULT 0,
  added integer NOT NULL DEFAULT 0,
  removed integer NOT NULL DEFAULT 0,
  ended_at timestamptz
);
CREATE INDEX IF NOT EXISTS waitlist_import_made_at_idx ON waitlist_import (made_at);
CREATE INDEX IF NOT EXISTS waitlist_import_due_idx ON waitlist_import (made_at)
  WHERE state IN ('checking', 'adding', 'removing');

CREATE TABLE IF NOT EXISTS waitlist_import_line (
  import_id text NOT NULL
    CONSTRAINT waitlist_import_line_import_id_fkey REFERENCES waitlist_import (id) ON DELETE CASCADE,
  line integer NOT NULL,
  typed_email text NOT NULL,
  typed_role text NOT NULL,
  email text,
  role text,
  outcome text,
  CONSTRAINT waitlist_import_line_pkey PRIMARY KEY (import_id, line)
);

-- Whom imports brought and nobody asked yet.
CREATE INDEX IF NOT EXISTS waitlist_to_ask_idx ON waitlist (id)
  WHERE import_id IS NOT NULL AND asked_at IS NULL AND confirmed_at IS NULL AND invited_at IS NULL
    AND signed_up_at IS NULL AND bounced_at IS NULL AND left_at IS NULL AND deleted_at IS NULL;

-- Whoever has an address erased has its lines erased too.
CREATE INDEX IF NOT EXISTS waitlist_import_line_email_idx ON waitlist_import_line (email) WHERE email IS NOT NULL;

INSERT INTO migrations (timestamp, name)
SELECT 1795413000000, '014_imports'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '014_imports'
);
