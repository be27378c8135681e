INSERT INTO gate_total (day, reason, hits)
SELECT $1, reason, hits FROM unnest($2, $3) AS counted (reason, hits) ORDER BY reason
ON CONFLICT ON CONSTRAINT gate_total_pkey DO UPDATE SET hits = gate_total.hits + excluded.hits
