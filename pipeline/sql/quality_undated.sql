-- An event without a time, with the event before it in its journey. n_all: all of them; n_events: all events;
-- n_journeys, n_alone: the journeys that have such events, and those of them that have no other.
WITH neighbours AS (
    SELECT
        journey_id, event_no, activity, time,
        lag(journey_id) OVER () AS journey_before,
        lag(activity) OVER () AS activity_before
    FROM events
),
undated AS MATERIALIZED (
    SELECT
        journey_id, event_no, activity,
        CASE WHEN journey_id = journey_before THEN activity_before END AS activity_before
    FROM neighbours
    WHERE time IS NULL
)
SELECT
    j.key AS journey, b.name AS before, a.name AS activity,
    (SELECT count(*) FROM undated) AS n_all,
    (SELECT count(*) FROM events) AS n_events,
    (SELECT count(DISTINCT journey_id) FROM undated) AS n_journeys,
    (SELECT count(*) FROM journeys WHERE start IS NULL) AS n_alone
FROM undated AS u
JOIN journeys AS j ON j.journey_id = u.journey_id
JOIN activities AS a ON a.activity = u.activity
LEFT JOIN activities AS b ON b.activity = u.activity_before
ORDER BY u.journey_id, u.event_no
LIMIT $n
