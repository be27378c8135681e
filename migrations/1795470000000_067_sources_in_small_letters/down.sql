-- How a source was written before is not known any more.
DELETE FROM migrations WHERE name = '067_sources_in_small_letters';
