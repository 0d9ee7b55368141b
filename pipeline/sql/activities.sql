-- One activity of the log, most frequent first.
WITH counted AS (
    SELECT activity, count(*) AS n_events, count(DISTINCT journey_id) AS n_journeys
    FROM log_events
    GROUP BY activity
)
SELECT c.activity, a.name, c.n_events, c.n_journeys
FROM counted AS c
JOIN activities AS a ON a.activity = c.activity
ORDER BY c.n_events DESC, a.name
