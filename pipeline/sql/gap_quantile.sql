-- A quantile of the silences between neighbouring events inside journeys, in seconds; one row.
WITH gaps AS (
    SELECT date_diff('microsecond', lag(time) OVER (PARTITION BY journey_id ORDER BY position), time) / 1000000.0 AS gap_s
    FROM log_events
)
SELECT CAST(quantile_cont(gap_s, CAST($q AS DOUBLE)) AS DOUBLE) AS gap_s
FROM gaps
ORDER BY gap_s
