-- One row per journey: the place of its first event.
SELECT journey_id, first_place
FROM journeys
ORDER BY journey_id
