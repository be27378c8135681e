-- pg_trgm stays: others may use it.
DROP INDEX IF EXISTS user_filter_idx;
DROP INDEX IF EXISTS user_search_idx;

DELETE FROM migrations WHERE name = '008_user_search';
