SELECT system_identifier || ' ' || current_database() AS identity,
       pg_is_in_recovery() AS is_standby,
       pg_wal_lsn_diff(
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0'
       )::bigint AS lsn
FROM pg_control_system()
