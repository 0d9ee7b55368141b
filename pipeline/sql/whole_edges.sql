-- One directly-follows pair of the whole log.
SELECT source, target, n, n_journeys, wait_median_s, wait_p95_s, wait_total_s
FROM edges
ORDER BY source, target
