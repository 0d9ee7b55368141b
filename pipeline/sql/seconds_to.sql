-- One row per row of the frame reached(journey_id, position): the seconds from the start of a journey to one of its events.
WITH placed AS (
    SELECT r.journey_id, j.start, j.first_place + r.position AS place
    FROM reached AS r
    JOIN log_journeys AS j ON j.journey_id = r.journey_id
)
SELECT p.journey_id, date_diff('microsecond', p.start, events.time) / 1e6 AS to_goal_s
FROM placed AS p
JOIN events ON events.rowid = p.place
ORDER BY p.journey_id
