-- The 95th percentile of the silences inside journeys, in seconds; one row, null when there are none.
SELECT max(gap_s) AS gap_s
FROM silence
ORDER BY gap_s
