-- One row per event of the frame places(journey_id, position): the seconds since the event before it.
-- The times of all events that are needed are looked up together, so that the events are gone through once.
WITH placed AS (
    SELECT p.journey_id, p.position, j.first_place + p.position AS place
    FROM places AS p
    JOIN log_journeys AS j ON j.journey_id = p.journey_id
),
wanted AS (
    SELECT place FROM placed
    UNION
    SELECT place - 1 AS place FROM placed
),
times AS (
    SELECT events.rowid AS place, events.time
    FROM events
    JOIN wanted ON wanted.place = events.rowid
)
SELECT p.journey_id, p.position, date_diff('microsecond', b.time, e.time) / 1e6 AS wait_s
FROM placed AS p
JOIN times AS e ON e.place = p.place
JOIN times AS b ON b.place = p.place - 1
ORDER BY p.journey_id, p.position
