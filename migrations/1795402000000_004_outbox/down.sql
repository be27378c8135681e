DROP TABLE IF EXISTS outbox_letter;

DELETE FROM migrations WHERE name = '004_outbox';
