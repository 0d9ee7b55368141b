-- An event that comes in its file before the event that came before it in time; not those of the sources in $without.
WITH neighbours AS (
    SELECT
        journey_id, source_id, event_no, activity, time,
        lag(journey_id) OVER () AS journey_before,
        lag(activity) OVER () AS activity_before,
        lag(time) OVER () AS time_before,
        lag(event_no) OVER () AS event_no_before,
        lag(source_id) OVER () AS source_before
    FROM events
),
backwards AS (
    SELECT journey_id, event_no, time, time_before, activity, activity_before
    FROM neighbours
    WHERE journey_id = journey_before AND source_id = source_before AND event_no < event_no_before
        AND NOT list_contains($without, source_id)
    ORDER BY journey_id, time, event_no
    LIMIT $n
)
SELECT j.key AS journey, b.name AS before, w.time_before, a.name AS activity, w.time
FROM backwards AS w
JOIN journeys AS j ON j.journey_id = w.journey_id
JOIN activities AS b ON b.activity = w.activity_before
JOIN activities AS a ON a.activity = w.activity
ORDER BY w.journey_id, w.time, w.event_no
