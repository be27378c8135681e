-- Letters get their texts back.
DO $$
BEGIN
  IF to_regclass('outbox_text') IS NOT NULL THEN
    UPDATE outbox_letter SET text_body = outbox_text.text_body, html_body = outbox_text.html_body
    FROM outbox_text WHERE outbox_text.id = text_id;
  END IF;
END
$$;
DROP INDEX IF EXISTS outbox_letter_refused_text_idx;
ALTER TABLE IF EXISTS outbox_letter DROP COLUMN IF EXISTS text_id;
DROP TABLE IF EXISTS outbox_text;
DO $$
BEGIN
  IF to_regclass('outbox_letter') IS NOT NULL THEN
    CREATE INDEX IF NOT EXISTS outbox_letter_refused_idx ON outbox_letter (not_after)
      WHERE status = 'dead' AND text_body <> '';
  END IF;
END
$$;

DELETE FROM migrations WHERE name = '031_shared_texts';
