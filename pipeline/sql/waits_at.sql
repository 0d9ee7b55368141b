-- One row per row of the frame spans(journey_id, since, position): the seconds from one event of a journey to another.
-- The times of all events that are needed are looked up together, so that the events are gone through once.
WITH placed AS (
    SELECT s.journey_id, s.since, s.position, j.first_place + s.since AS from_place, j.first_place + s.position AS place
    FROM spans AS s
    JOIN log_journeys AS j ON j.journey_id = s.journey_id
),
wanted AS (
    SELECT place FROM placed
    UNION
    SELECT from_place AS place FROM placed
),
times AS (
    SELECT events.rowid AS place, events.time
    FROM events
    JOIN wanted ON wanted.place = events.rowid
)
SELECT p.journey_id, p.since, p.position, date_diff('microsecond', b.time, e.time) / 1e6 AS wait_s
FROM placed AS p
JOIN times AS e ON e.place = p.place
JOIN times AS b ON b.place = p.from_place
ORDER BY p.journey_id, p.position, p.since
