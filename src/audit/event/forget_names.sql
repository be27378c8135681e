-- The first condition is that of audit_event_names_idx: few events name an address at all. It is an equation, because
-- PostgreSQL expects few rows of one, and that every row matches the expression.
UPDATE audit_event SET details = CASE WHEN details ? 'filter' THEN details - 'filter' END
WHERE (details::text ~ '@|%40')::integer = 1 AND {which} AND {names}
