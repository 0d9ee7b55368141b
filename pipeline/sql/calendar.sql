-- One row per day with an event: the events of that day, and the journeys that have their first event on it.
WITH days AS (
    SELECT date_trunc('day', time) AS day, count(*) AS n_events
    FROM log_events
    WHERE time IS NOT NULL
    GROUP BY date_trunc('day', time)
),
starts AS (
    SELECT date_trunc('day', start) AS day, count(*) AS n_started
    FROM log_journeys
    GROUP BY date_trunc('day', start)
)
SELECT CAST(d.day AS TIMESTAMP) AS day, d.n_events, coalesce(s.n_started, 0) AS n_started
FROM days AS d
LEFT JOIN starts AS s ON s.day = d.day
ORDER BY day
