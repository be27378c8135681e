DROP TABLE IF EXISTS viewer_change;

DELETE FROM migrations WHERE name = '006_viewer_changes';
