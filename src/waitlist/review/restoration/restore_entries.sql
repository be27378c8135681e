-- Brings deleted entries back at $1: their links work again, the letters that wait with them are due, and what prunes entries
-- counts from now. Locks them in the order of their ids, as everywhere.
WITH chosen AS MATERIALIZED (
  SELECT id FROM waitlist WHERE deleted_at IS NOT NULL AND {condition} ORDER BY id FOR UPDATE
), back AS (
  UPDATE waitlist SET deleted_at = NULL, deletion_id = NULL, restored_at = $1
  FROM chosen WHERE waitlist.id = chosen.id RETURNING waitlist.id
), resumed AS (
  {resume_links}
), due AS (
  {resume_letters}
)
SELECT id FROM back
