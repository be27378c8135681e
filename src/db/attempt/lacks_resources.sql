DO $$
BEGIN
  -- With so little memory the rows go to a file.
  PERFORM set_config('work_mem', '64kB', true);
  PERFORM count(*) FROM generate_series(1, 20000);
EXCEPTION WHEN insufficient_resources OR operator_intervention OR system_error THEN
  RAISE serialization_failure;
END
$$;
