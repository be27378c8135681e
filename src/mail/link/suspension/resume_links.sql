UPDATE verification
SET identifier = suspended.name || ':' || suspended.id, "expiresAt" = {now} + suspended.lasts
FROM (SELECT name, lasts, {subjects}.id::text AS id FROM {subjects}, {purposes}) AS suspended
WHERE identifier = '{suspended}' || suspended.name || ':' || suspended.id
RETURNING verification.id, "expiresAt" AS expires_at
