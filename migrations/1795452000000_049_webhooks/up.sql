-- Endpoints of other programs that are told what happens, and what each of them is sent.

-- The secret with which deliveries are signed is derived from the id and the generation, so it is no column: its hash tells
-- which key of SECRET_KEY made it. While a secret is replaced, the one before signs too.
CREATE TABLE IF NOT EXISTS webhook (
  id text CONSTRAINT webhook_pkey PRIMARY KEY,
  url text NOT NULL,
  events text[] NOT NULL,
  with_address boolean NOT NULL,
  state text NOT NULL CONSTRAINT webhook_state_check CHECK (state IN ('new', 'active', 'paused', 'off')),
  generation integer NOT NULL,
  secret_hash text NOT NULL,
  former_hash text,
  former_until timestamptz,
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  rests_until timestamptz,
  created_at timestamptz NOT NULL
);

-- What an endpoint is sent. The id is the event's sequence. There is no foreign key: it would lock the endpoint's row with
-- every join.
CREATE TABLE IF NOT EXISTS webhook_delivery (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT webhook_delivery_pkey PRIMARY KEY,
  webhook_id text NOT NULL,
  message_id text NOT NULL DEFAULT gen_random_uuid()::text,
  event text NOT NULL,
  subject text NOT NULL,
  data jsonb NOT NULL,
  happened_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting'
    CONSTRAINT webhook_delivery_state_check CHECK (state IN ('waiting', 'sending', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  lease_token text,
  attempted_at timestamptz,
  status integer,
  problem text,
  milliseconds integer,
  answer text
);
CREATE INDEX IF NOT EXISTS webhook_delivery_due_idx ON webhook_delivery (webhook_id, next_attempt_at)
  WHERE state IN ('waiting', 'sending');
CREATE INDEX IF NOT EXISTS webhook_delivery_failed_idx ON webhook_delivery (webhook_id, happened_at)
  WHERE state = 'failed';
CREATE INDEX IF NOT EXISTS webhook_delivery_webhook_id_id_idx ON webhook_delivery (webhook_id, id);
CREATE INDEX IF NOT EXISTS webhook_delivery_subject_idx ON webhook_delivery (subject);

INSERT INTO migrations (timestamp, name)
SELECT 1795452000000, '049_webhooks'
WHERE NOT EXISTS (
  SELECT 1 FROM migrations WHERE name = '049_webhooks'
);
