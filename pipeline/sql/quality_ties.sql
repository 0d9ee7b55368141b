-- How many journeys have events at the same time, and how many have different activities among them; one row.
WITH neighbours AS (
    SELECT
        journey_id, activity, time,
        lag(journey_id) OVER () AS journey_before,
        lag(activity) OVER () AS activity_before,
        lag(time) OVER () AS time_before
    FROM events
)
SELECT
    count(DISTINCT journey_id) AS n_journeys,
    count(DISTINCT journey_id) FILTER (activity <> activity_before) AS n_journeys_other
FROM neighbours
WHERE journey_id = journey_before AND time = time_before
ORDER BY n_journeys
