DROP TABLE IF EXISTS audit_event_entry;

DELETE FROM migrations WHERE name = '036_events_of_many_places';
