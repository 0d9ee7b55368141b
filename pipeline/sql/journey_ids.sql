-- One row per chosen journey: its id, and the number of its events.
SELECT journey_id, n_events
FROM log_journeys
ORDER BY journey_id
