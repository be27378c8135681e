DROP TABLE IF EXISTS trusted_device;

DELETE FROM migrations WHERE name = '062_trusted_devices';
