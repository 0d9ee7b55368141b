-- One directly-follows pair; waits are seconds from the source event to the target event.
WITH followed AS (
    SELECT
        journey_id,
        activity AS source,
        lead(activity) OVER (PARTITION BY journey_id ORDER BY position) AS target,
        time AS source_time,
        lead(time) OVER (PARTITION BY journey_id ORDER BY position) AS target_time
    FROM log_events
),
waited AS (
    SELECT journey_id, source, target, date_diff('microsecond', source_time, target_time) / 1000000.0 AS wait_s
    FROM followed
    WHERE target IS NOT NULL
)
SELECT
    source,
    target,
    count(*) AS n,
    count(DISTINCT journey_id) AS n_journeys,
    CAST(quantile_cont(wait_s, 0.5) AS DOUBLE) AS wait_median_s,
    CAST(quantile_cont(wait_s, 0.95) AS DOUBLE) AS wait_p95_s,
    CAST(sum(wait_s) AS DOUBLE) AS wait_total_s
FROM waited
GROUP BY source, target
ORDER BY source, target
