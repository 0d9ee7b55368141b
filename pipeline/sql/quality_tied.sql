-- Two neighbours of a journey with different activities at the same time, by journey.
WITH neighbours AS (
    SELECT
        journey_id, event_no, activity, time,
        lag(journey_id) OVER () AS journey_before,
        lag(activity) OVER () AS activity_before,
        lag(time) OVER () AS time_before
    FROM events
),
tied AS (
    SELECT journey_id, event_no, time, activity_before, activity
    FROM neighbours
    WHERE journey_id = journey_before AND time = time_before AND activity <> activity_before
    ORDER BY journey_id, time, event_no
    LIMIT $n
)
SELECT j.key AS journey, t.time, b.name AS before, a.name AS activity
FROM tied AS t
JOIN journeys AS j ON j.journey_id = t.journey_id
JOIN activities AS b ON b.activity = t.activity_before
JOIN activities AS a ON a.activity = t.activity
ORDER BY t.journey_id, t.time, t.event_no
