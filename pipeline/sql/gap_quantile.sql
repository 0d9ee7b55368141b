-- A quantile of the silences between neighbouring events inside journeys, in seconds; one row.
WITH gaps AS (
    SELECT date_diff('microsecond', lag(time) OVER (PARTITION BY journey_id ORDER BY position), time) AS gap_us
    FROM log_events
)
SELECT quantile_cont(gap_us, $q) / 1e6 AS gap_s
FROM gaps
ORDER BY gap_s
