-- One row per bar: how many of the chosen journeys take so long, or have so many events; the last bar holds all above.
SELECT
    'duration_s' AS what,
    CAST(least(floor(date_diff('microsecond', start, "end") / 1e6 / $duration_width), $last) AS BIGINT) AS bar,
    count(*) AS n_journeys
FROM log_journeys
WHERE start IS NOT NULL
GROUP BY bar
UNION ALL
SELECT 'n_events' AS what, CAST(least(floor(n_events / $events_width), $last) AS BIGINT) AS bar, count(*) AS n_journeys
FROM log_journeys
GROUP BY bar
ORDER BY what, bar
