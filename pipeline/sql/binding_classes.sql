-- One combination of activity and the attributes named in $columns, all as text, with the number of its events.
-- COLUMNS is the one fragment here that only DuckDB has: the attributes are known when the query runs.
WITH valued AS (
    SELECT j.* EXCLUDE (key, start, "end", n_events, first_place, variant_id), e.* EXCLUDE (place, journey_id, event_no, time, source_id)
    FROM log_events AS e
    JOIN log_journeys AS j ON j.journey_id = e.journey_id
)
SELECT CAST(COLUMNS(lambda c: c = 'activity' OR list_contains($columns, c)) AS VARCHAR), count(*) AS n_events
FROM valued
GROUP BY ALL
ORDER BY activity
