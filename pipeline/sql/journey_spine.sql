-- One row per chosen journey: who, when, and which variant.
SELECT journey_id, key, start, "end", variant_id
FROM log_journeys
ORDER BY journey_id
