DROP TABLE IF EXISTS webhook_delivery;
DROP TABLE IF EXISTS webhook;

DELETE FROM migrations WHERE name = '049_webhooks';
