-- How many invitations of the waves $1 are in which state, by wave and role.
SELECT wave_id, role,
       count(*) FILTER (WHERE state = 'waiting') AS waiting,
       count(*) FILTER (WHERE state = 'queued') AS queued,
       count(*) FILTER (WHERE state = 'sent') AS sent,
       count(*) FILTER (WHERE state = 'bounced') AS bounced,
       count(*) FILTER (WHERE state = 'skipped') AS skipped,
       count(signed_up_at) AS signed_up
FROM waitlist_invitation WHERE wave_id = ANY ($1) GROUP BY wave_id, role
