-- The actions are literally those of `audit_event_former_email_idx`: a plan for any actions would not use it.
SELECT DISTINCT user_id
FROM audit_event
WHERE action IN ('email_changed', 'email_change_undone') AND lower(details ->> 'from') = lower($1) AND user_id IS NOT NULL
ORDER BY user_id
LIMIT 10
