-- Invitations in waves. A wave takes its people when it is made; they are written to little by little.
CREATE TABLE IF NOT EXISTS waitlist_wave (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_wave_pkey PRIMARY KEY,
  state text NOT NULL
    CONSTRAINT waitlist_wave_state_check CHECK (state IN ('sending', 'paused', 'done', 'cancelled')),
  -- Why it is paused: an admin, or bounces.
  paused_by text CONSTRAINT waitlist_wave_paused_by_check CHECK (paused_by IN ('admin', 'bounces')),
  made_at timestamptz NOT NULL,
  made_by text,
  -- When the next of its letters may go, so that replicas together keep the pace.
  next_at timestamptz NOT NULL,
  -- Bounces before this are forgiven: when it was made, or last resumed.
  counted_from timestamptz NOT NULL,
  ended_at timestamptz
);

-- An entry's place in a wave. It outlives the entry, so that a wave's conversion stays what it was.
CREATE TABLE IF NOT EXISTS waitlist_invitation (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT waitlist_invitation_pkey PRIMARY KEY,
  wave_id bigint NOT NULL
    CONSTRAINT waitlist_invitation_wave_id_fkey REFERENCES waitlist_wave (id) ON DELETE CASCADE,
  entry_id bigint
    CONSTRAINT waitlist_invitation_entry_id_fkey REFERENCES waitlist (id) ON DELETE SET NULL,
  role text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CONSTRAINT waitlist_invitation_state_check
    CHECK (state IN ('waiting', 'queued', 'sent', 'bounced', 'skipped')),
  letter_id text,
  sent_at timestamptz,
  bounced_at timestamptz,
  signed_up_at timestamptz
);
-- Two admins who invite the same people at once send one mail each. Whoever was sent one has another state from then on.
CREATE UNIQUE INDEX IF NOT EXISTS waitlist_invitation_entry_id_key ON waitlist_invitation (entry_id)
  WHERE state IN ('waiting', 'queued');
CREATE INDEX IF NOT EXISTS waitlist_invitation_queued_idx ON waitlist_invitation (wave_id) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS waitlist_invitation_wave_id_state_id_idx ON waitlist_invitation (wave_id, state, id);
CREATE INDEX IF NOT EXISTS waitlist_invitation_entry_id_idx ON waitlist_invitation (entry_id);
CREATE UNIQUE INDEX IF NOT EXISTS waitlist_invitation_letter_id_key ON waitlist_invitation (letter_id);
-- Whose turn it is: the confirmed of each role, the oldest first.
CREATE INDEX IF NOT EXISTS waitlist_turn_idx ON waitlist (
  (CASE role WHEN 'organization' THEN role ELSE 'employee' END), created_at, id
) WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed';

INSERT INTO migrations (timestamp, name)
SELECT 1795414000000, '015_waves'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '015_waves'
);
