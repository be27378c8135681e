-- The indexes that it replaced come back when 008_user_search is applied by hand.
DROP INDEX IF EXISTS user_key_filter_idx;
DROP INDEX IF EXISTS user_key_search_idx;
DROP FUNCTION IF EXISTS search_key(text);

DELETE FROM migrations WHERE name = '020_search_key';
