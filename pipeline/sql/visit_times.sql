-- One row per journey and milestone: when it was first visited.
-- visits: path, milestone, position. journey_paths: journey_id, path.
SELECT journey_paths.journey_id, visits.milestone, log_events.time
FROM visits
JOIN journey_paths ON journey_paths.path = visits.path
JOIN log_journeys ON log_journeys.journey_id = journey_paths.journey_id
JOIN log_events ON log_events.place = log_journeys.first_place + visits.position
ORDER BY journey_paths.journey_id, visits.milestone
