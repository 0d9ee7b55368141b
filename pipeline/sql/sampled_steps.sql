-- One event of a fair sample of the chosen journeys, by journey and in order: $n of them, the same for the same $seed.
WITH sampled AS (
    SELECT journey_id, first_place
    FROM log_journeys
    ORDER BY hash(CAST(journey_id AS BIGINT) * 1000003 + $seed), journey_id
    LIMIT $n
)
SELECT
    s.journey_id,
    CAST(e.rowid - s.first_place AS BIGINT) AS position,
    e.activity,
    epoch_us(e.time) AS time_us
FROM sampled AS s
JOIN events AS e ON e.journey_id = s.journey_id
ORDER BY e.rowid
