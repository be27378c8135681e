-- The letters of wave $1 that the relay took over or refused since the wave was made or resumed, while it is sending.
SELECT (sum(sent) - sent_before + sum(bounced) - bounced_before)::bigint AS ended,
       (sum(bounced) - bounced_before)::bigint AS bounced
FROM waitlist_wave JOIN waitlist_wave_count ON wave_id = id
WHERE id = $1 AND state = 'sending' GROUP BY id
