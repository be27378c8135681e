-- Tables as they are after a while: most places confirmed, some invited, some gone; most mail sent, some of it waiting.
-- The statistics are those that the test itself gathers, however long it takes.
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$;

-- What is inserted here goes into the indexes for searches all at once.
ALTER INDEX IF EXISTS waitlist_search_idx SET (gin_pending_list_limit = 65536);
ALTER INDEX IF EXISTS user_key_search_idx SET (gin_pending_list_limit = 65536);

INSERT INTO waitlist (email, role, created_at, locale, asked_at, confirmed_at, invited_at, signed_up_at, bounced_at, left_at,
                      deleted_at, deletion_id, import_id)
SELECT 'person' || n || CASE WHEN n % 3 = 0 THEN '@gmail.com' ELSE n % 500 || '@example' || n % 50 || '.cl' END,
       CASE WHEN n % 7 = 0 THEN 'organization' ELSE 'employee' END, joined, 'es', joined,
       CASE WHEN n % 10 > 1 THEN joined + interval '1 hour' END,
       CASE WHEN n % 10 > 7 THEN joined + interval '1 day' END,
       CASE WHEN n % 10 = 9 THEN joined + interval '2 days' END,
       CASE WHEN n % 200 = 1 THEN joined END, CASE WHEN n % 200 = 2 THEN joined END,
       CASE WHEN n % 300 = 3 THEN joined END, CASE WHEN n % 300 = 3 THEN 'deletion' || n % 20 END,
       CASE WHEN n % 20 = 0 THEN 'import' || n % 50 END
FROM (SELECT n, now() - (20000 - n) * interval '10 minutes' AS joined FROM generate_series(1, 20000) AS n) AS people;

INSERT INTO waitlist_wave (state, made_at, next_at, counted_from)
SELECT CASE WHEN n = 200 THEN 'sending' ELSE 'done' END, now(), now(), now() FROM generate_series(1, 200) AS n;
INSERT INTO waitlist_invitation (wave_id, entry_id, role, state, letter_id, sent_at)
SELECT 1 + id % 199, id, role, CASE WHEN id % 100 = 8 THEN 'bounced' ELSE 'sent' END, 'letter' || id, invited_at
FROM waitlist WHERE invited_at IS NOT NULL;
INSERT INTO waitlist_invitation (wave_id, entry_id, role, state)
SELECT 200, id, role, 'waiting' FROM waitlist
WHERE invited_at IS NULL AND confirmed_at IS NOT NULL ORDER BY id LIMIT 1000;
INSERT INTO waitlist_invitation (wave_id, role, state, letter_id)
SELECT 200, 'employee', 'queued', 'queued' || n FROM generate_series(1, 20) AS n;

INSERT INTO waitlist_import (id, state, made_at, locale)
SELECT 'import' || n, CASE n WHEN 0 THEN 'adding' ELSE 'added' END, now() - n * interval '1 day', 'es'
FROM generate_series(0, 49) AS n;
INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, email, role, outcome)
SELECT 'import' || n % 50, n, 'line' || n || '@example.cl', 'employee',
       CASE WHEN n % 100 > 0 THEN 'line' || n || '@example.cl' END, 'employee',
       CASE WHEN n % 100 = 0 THEN 'invalid' WHEN n % 50 = 0 THEN 'new' ELSE 'added' END
FROM generate_series(1, 20000) AS n;

INSERT INTO outbox_letter (id, kind, recipient, subject, text_body, html_body, link_id, status, priority, next_attempt_at,
                           not_after, created_at, sent_at, last_reply, outcome_due_at)
SELECT 'letter' || n,
       (ARRAY['waitlist-confirm', 'waitlist-invitation', 'verify-email', 'password-reset'])[1 + n % 4],
       'somebody' || n % 15000 || '@example.cl', 'Biovity', '', '', 'link' || n,
       CASE WHEN n % 100 = 0 THEN 'dead' WHEN n % 100 = 1 THEN 'queued' WHEN n % 1000 = 2 THEN 'sending' ELSE 'sent' END,
       n % 3, written, written + interval '30 days', written, written,
       CASE WHEN n % 100 = 0 THEN '550 no such user' END, CASE WHEN n % 1000 = 0 THEN now() END
FROM (SELECT n, now() - (20000 - n) * interval '5 minutes' AS written FROM generate_series(1, 20000) AS n) AS letters;

INSERT INTO verification (id, identifier, value, "expiresAt")
SELECT 'link' || n,
       (ARRAY['waitlist-confirm:', 'waitlist-invitation:', 'email-verification:', 'suspended:waitlist-confirm:'])[1 + n % 4] || n,
       md5(n::text), now() + (n - 10000) * interval '3 minutes'
FROM generate_series(1, 20000) AS n;

INSERT INTO "user" (id, email, name, profession, type, "isEmailVerified", "organizationId", "createdAt", purge_at, avatar)
SELECT 'user' || n, 'user' || n || '@example.cl', (ARRAY['Ana', 'José', 'Camila'])[1 + n % 3], 'Chemist',
       CASE WHEN n <= 3 THEN 'admin' WHEN n % 50 = 0 THEN 'organization' ELSE 'employee' END, n % 10 > 0,
       NULL, now() - (20000 - n) * interval '8 minutes', CASE WHEN n % 100 = 0 THEN now() + interval '3 days' END, NULL
FROM generate_series(1, 20000) AS n;
UPDATE "user" SET "organizationId" = 'user' || 50 * (1 + length(email) % 20) WHERE "createdAt" > now() - interval '2 days';
INSERT INTO account (id, user_id, provider, provideraccountid, password)
SELECT 'account' || n, 'user' || n, 'credential', 'user' || n, md5(n::text) FROM generate_series(1, 20000) AS n;
INSERT INTO session (id, user_id, token, expires_at, user_agent)
SELECT 'session' || n, 'user' || 1 + n % 10000, md5(n::text), now() + (n - 1000) * interval '20 seconds', 'Mozilla'
FROM generate_series(1, 20000) AS n;

INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, entry_id, details)
SELECT 'event' || n, now() - (20000 - n) * interval '4 minutes',
       (ARRAY['logged_in', 'logged_out', 'entries_deleted', 'wave_started', 'profile_changed'])[1 + n % 5],
       'user' || 1 + n % 10000, CASE WHEN n % 5 < 2 THEN 'user' || 1 + n % 10000 END, CASE WHEN n % 5 = 2 THEN n END,
       CASE WHEN n % 100 = 0 THEN jsonb_build_object('filter', 'q=%40example.cl') END
FROM generate_series(1, 20000) AS n;

INSERT INTO rate_limit (key, most, hits, expires_at)
SELECT md5(n::text), 10, ARRAY[now()], now() + (n - 1000) * interval '1 second' FROM generate_series(1, 20000) AS n;

INSERT INTO webhook (id, url, events, with_address, state, generation, secret_hash, created_at)
SELECT 'webhook' || n, 'https://hooks.example.cl/' || n, ARRAY['waitlist.joined'], false, 'active', 1, md5(n::text), now()
FROM generate_series(1, 10) AS n;
INSERT INTO webhook_delivery (webhook_id, event, subject, data, happened_at, state, next_attempt_at)
SELECT 'webhook' || 1 + n % 10, 'waitlist.joined', 'entry:' || n, jsonb_build_object('id', n),
       now() - (20000 - n) * interval '2 minutes', CASE WHEN n > 19900 THEN 'waiting' WHEN n % 100 = 0 THEN 'failed' ELSE 'delivered' END,
       now()
FROM generate_series(1, 20000) AS n;

INSERT INTO audit_event_entry (event_id, entry_id) SELECT 'event' || n, n FROM generate_series(1, 20000) AS n;
INSERT INTO form_submission (id, answer, created_at, subject)
SELECT decode(md5(n::text), 'hex'), '303 /', now() - (20000 - n) * interval '2 seconds', 'place ' || n
FROM generate_series(1, 20000) AS n;
INSERT INTO outbox_text (id, text_body, html_body, kept_until)
SELECT decode(md5(n::text), 'hex'), 'text', 'text', now() + (n - 1000) * interval '2 minutes' FROM generate_series(1, 20000) AS n;
INSERT INTO used_link (token, purpose, used_at, identifier)
SELECT md5(n::text), 'waitlist-confirm', now() - (20000 - n) * interval '1 second', 'waitlist-confirm:' || n
FROM generate_series(1, 20000) AS n;
INSERT INTO webhook_join_batch (webhook_ids, delivery_ids, entry_ids, roles, joined_at)
SELECT ARRAY['webhook1'], ARRAY[20000 + n], ARRAY[n], ARRAY['employee'], ARRAY[now()] FROM generate_series(1, 20000) AS n;
