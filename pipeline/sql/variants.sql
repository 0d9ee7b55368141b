-- One distinct path with the number of its journeys, in the order of paths: neighbours share prefixes.
WITH counted AS (
    SELECT variant_id, count(*) AS n_journeys
    FROM log_journeys
    GROUP BY variant_id
)
SELECT v.variant_id, v.path, c.n_journeys
FROM counted AS c
JOIN variants AS v ON v.variant_id = c.variant_id
ORDER BY v.variant_id
