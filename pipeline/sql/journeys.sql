-- One journey; its attributes follow under their physical names.
SELECT * EXCLUDE (first_place) REPLACE (CAST(n_events AS BIGINT) AS n_events)
FROM log_journeys
ORDER BY journey_id
