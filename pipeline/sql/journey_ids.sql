-- One row per chosen journey: its id.
SELECT journey_id
FROM log_journeys
ORDER BY journey_id
