-- One event of the journeys in the frame wanted(key); event attributes follow under their physical names.
SELECT
    j.key,
    CAST(e.position AS BIGINT) AS position,
    a.name AS activity,
    e.time,
    date_diff('microsecond', lag(e.time) OVER (PARTITION BY e.journey_id ORDER BY e.position), e.time) / 1e6 AS gap_s,
    e.* EXCLUDE (journey_id, position, event_no, activity, time, source_id)
FROM events AS e
JOIN journeys AS j ON j.journey_id = e.journey_id
JOIN wanted AS w ON w.key = j.key
JOIN activities AS a ON a.activity = e.activity
ORDER BY j.key, e.position
