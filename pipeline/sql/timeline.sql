-- One event of the journeys in the frame wanted(key); event attributes follow under their physical names.
WITH asked AS (
    SELECT j.journey_id, j.key, j.first_place
    FROM journeys AS j
    JOIN wanted AS w ON w.key = j.key
),
placed AS (
    SELECT asked.key, events.rowid - asked.first_place AS position, events.*
    FROM events
    JOIN asked ON asked.journey_id = events.journey_id
)
SELECT
    p.key,
    CAST(p.position AS BIGINT) AS position,
    a.name AS activity,
    p.time,
    date_diff('microsecond', lag(p.time) OVER (PARTITION BY p.key ORDER BY p.position), p.time) / 1e6 AS gap_s,
    p.* EXCLUDE (key, position, journey_id, event_no, activity, time, source_id)
FROM placed AS p
JOIN activities AS a ON a.activity = p.activity
ORDER BY p.key, p.position
