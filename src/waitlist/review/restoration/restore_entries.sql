-- Brings deleted entries back at $1: their links work again, and what prunes entries counts from now.
WITH back AS (
  UPDATE waitlist SET deleted_at = NULL, deletion_id = NULL, restored_at = $1
  WHERE deleted_at IS NOT NULL AND {condition} RETURNING id
), resumed AS (
  {resume_links}
)
SELECT count(*) AS number FROM back
