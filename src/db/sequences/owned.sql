SELECT pg_class.oid::regclass::text AS name,
  refobjid::regclass::text AS owner,
  quote_ident(attname) AS id
FROM pg_class
JOIN pg_depend ON objid = pg_class.oid
  AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE relkind = 'S'
  AND pg_table_is_visible(refobjid)
  AND pg_has_role(relowner, 'USAGE')
  -- The greatest id is found at once only in an index.
  AND EXISTS (SELECT FROM pg_index WHERE indrelid = refobjid AND indkey[0] = attnum)
ORDER BY 1
