-- What stands beside a million places: a million accounts, events, invitations in two hundred waves, lines of a hundred
-- imports, and ten thousand deletions. One wave waits with ten thousand people.
SET statement_timeout = 0;

INSERT INTO "user" (id, email, name, profession, type, "isEmailVerified", "createdAt", "updatedAt")
SELECT 'bench-' || n, 'account' || n || '@example.cl',
       (ARRAY['Ana', 'José', 'Camila', 'Ñandú'])[1 + n % 4] || ' ' || (ARRAY['Muñoz', 'Rojas', 'Soto'])[1 + n % 3] || ' ' || n,
       'Chemist', CASE WHEN n % 50 = 0 THEN 'organization' ELSE 'employee' END, n % 10 > 0,
       now() - n * interval '1 minute', now()
FROM generate_series(1, 1000000) AS n;

INSERT INTO audit_event (id, happened_at, action, actor_id, user_id, entry_id, ip_address, details)
SELECT 'bench-' || n, now() - n * interval '30 seconds',
       (ARRAY['logged_in', 'logged_out', 'entries_deleted', 'wave_started', 'profile_changed'])[1 + n % 5],
       'bench-' || 1 + n % 1000, CASE WHEN n % 5 < 2 THEN 'bench-' || 1 + n % 1000 END,
       CASE WHEN n % 5 = 2 THEN n END, '127.0.0.1', jsonb_build_object('count', n, 'filter', 'q=rojas', 'deletion', n)
FROM generate_series(1, 1000000) AS n;

INSERT INTO waitlist_wave (state, paused_by, made_at, next_at, counted_from, ended_at)
SELECT CASE n WHEN 1 THEN 'paused' ELSE 'done' END, CASE n WHEN 1 THEN 'admin' END, now() - n * interval '1 day', now(),
       now() - n * interval '1 day', CASE WHEN n > 1 THEN now() - n * interval '1 day' END
FROM generate_series(1, 200) AS n;
INSERT INTO waitlist_invitation (wave_id, role, state, sent_at, bounced_at, signed_up_at)
SELECT 2 + n % 199, CASE WHEN n % 10 = 0 THEN 'organization' ELSE 'employee' END,
       CASE WHEN n % 100 = 0 THEN 'bounced' ELSE 'sent' END, now(), CASE WHEN n % 100 = 0 THEN now() END,
       CASE WHEN n % 4 = 0 THEN now() END
FROM generate_series(1, 990000) AS n;
INSERT INTO waitlist_invitation (wave_id, entry_id, role)
SELECT 1, id, role FROM waitlist
WHERE waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at) = 'confirmed'
ORDER BY created_at, id LIMIT 10000;

INSERT INTO waitlist_import (id, state, made_at, locale, are_confirmed, lines, done, reached, fresh, duplicate, invalid,
                             opted_out, added, removed, ended_at)
SELECT 'bench-' || n, 'added', now() - n * interval '1 day', 'es', false, 10000, 10000, 10000, 9000, 900, 100, 0, 9000, 0,
       now() - n * interval '1 day'
FROM generate_series(1, 100) AS n;
INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, outcome)
SELECT 'bench-' || 1 + n % 100, 1 + n / 100, 'line' || n || '@example.cl', 'employee',
       CASE WHEN n % 100 = 0 THEN 'invalid' END
FROM generate_series(0, 999999) AS n;

INSERT INTO waitlist_deletion (id, made_at, filter, entries)
SELECT 'bench-' || n, now() - n * interval '1 minute', 'q=rojas', n FROM generate_series(1, 10000) AS n;
