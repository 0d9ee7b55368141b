-- One directly-follows pair; waits are seconds from the source event to the target event.
-- They are summed as whole microseconds, so that the sum does not depend on the order of the rows.
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
    SELECT journey_id, source, target, date_diff('microsecond', source_time, target_time) AS wait_us
    FROM followed
    WHERE target IS NOT NULL
)
SELECT
    source,
    target,
    count(*) AS n,
    count(DISTINCT journey_id) AS n_journeys,
    quantile_cont(wait_us, 0.5) / 1e6 AS wait_median_s,
    quantile_cont(wait_us, 0.95) / 1e6 AS wait_p95_s,
    CAST(sum(wait_us) AS DOUBLE) / 1e6 AS wait_total_s
FROM waited
GROUP BY source, target
ORDER BY source, target
