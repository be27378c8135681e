-- The first condition is that of audit_event_addresses_idx: few events name an address at all.
UPDATE audit_event SET details = CASE WHEN details ? 'filter' THEN details - 'filter' END
WHERE details::text ~ '@|%40' AND {which} AND {names}
