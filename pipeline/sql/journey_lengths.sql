-- One row per journey of the whole log, by id: the number of its events.
SELECT n_events
FROM journeys
ORDER BY journey_id
