SELECT system_identifier || ' ' || current_database() AS identity,
       pg_is_in_recovery() AS is_standby,
       CASE WHEN pg_is_in_recovery() THEN greatest(checkpoint.timeline_id, recovery.min_recovery_end_timeline)
            ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer END AS timeline,
       pg_wal_lsn_diff(
         CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0'
       )::bigint AS lsn
FROM pg_control_system(), pg_control_checkpoint() AS checkpoint, pg_control_recovery() AS recovery
