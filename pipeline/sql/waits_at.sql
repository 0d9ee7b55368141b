-- One row per event of the frame places(journey_id, position): the seconds since the event before it.
SELECT p.journey_id, p.position, date_diff('microsecond', b.time, e.time) / 1e6 AS wait_s
FROM places AS p
JOIN log_journeys AS j ON j.journey_id = p.journey_id
JOIN events AS e ON e.rowid = j.first_place + p.position
JOIN events AS b ON b.rowid = j.first_place + p.position - 1
ORDER BY p.journey_id, p.position
