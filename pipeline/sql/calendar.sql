-- One row per day with an event: the events of that day, and the journeys that have their first event on it.
WITH days AS (
    SELECT date_trunc('day', time) AS day, count(*) AS n_events, count(*) FILTER (position = 0) AS n_started
    FROM log_events
    GROUP BY date_trunc('day', time)
)
SELECT CAST(day AS TIMESTAMP) AS day, n_events, n_started
FROM days
ORDER BY day
