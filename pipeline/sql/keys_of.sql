-- Keys of the journeys of the variants in the frame wanted(variant_id).
SELECT j.key, j.variant_id
FROM log_journeys AS j
JOIN wanted AS w ON w.variant_id = j.variant_id
ORDER BY j.journey_id
LIMIT $limit
