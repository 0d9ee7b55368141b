-- A journey with $rush events or more within $rush_us, those with most of them first. n_all: all such journeys.
WITH neighbours AS (
    SELECT
        journey_id, time,
        lag(journey_id, $rush - 1) OVER () AS journey_of_rush,
        lag(time, $rush - 1) OVER () AS time_of_rush
    FROM events
),
rushed AS MATERIALIZED (
    SELECT journey_id, min(time_of_rush) AS time, count(*) + $rush - 1 AS n
    FROM neighbours
    WHERE journey_id = journey_of_rush AND epoch_us(time) - epoch_us(time_of_rush) <= $rush_us
    GROUP BY journey_id
)
SELECT j.key AS journey, r.time, r.n, (SELECT count(*) FROM rushed) AS n_all
FROM rushed AS r
JOIN journeys AS j ON j.journey_id = r.journey_id
ORDER BY r.n DESC, r.journey_id
LIMIT $n
