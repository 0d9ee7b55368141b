-- One source: its events, and what stands next to each other in the journeys they belong to.
-- A window without partition and order follows the rows as they lie in the table, which is sorted by journey, time and
-- input order; so it streams, however many rows there are. Another journey in the row before begins a new one.
WITH neighbours AS (
    SELECT
        source_id, journey_id, activity, time, event_no,
        lag(journey_id) OVER () AS journey_before,
        lag(journey_id, 2) OVER () AS journey_two_before,
        lag(journey_id, $rush - 1) OVER () AS journey_of_rush,
        lag(activity) OVER () AS activity_before,
        lag(time) OVER () AS time_before,
        lag(time, 2) OVER () AS time_two_before,
        lag(time, $rush - 1) OVER () AS time_of_rush,
        lag(event_no) OVER () AS event_no_before,
        lag(source_id) OVER () AS source_before
    FROM events
),
compared AS (
    SELECT
        source_id,
        journey_id = journey_before AS follows,
        journey_id = journey_before AND time = time_before AS tied,
        journey_id = journey_two_before AND time_before = time_two_before AS tied_before,
        activity <> activity_before AS differs,
        journey_id = journey_before AND source_id = source_before AND time > time_before AS in_source,
        event_no < event_no_before AS backwards,
        journey_id = journey_of_rush AND epoch_us(time) - epoch_us(time_of_rush) <= $rush_us AS rushed
    FROM neighbours
)
SELECT
    source_id,
    count(*) AS n_events,
    count(*) FILTER (follows) AS n_neighbours,
    count(*) FILTER (tied) AS n_tied,
    count(*) FILTER (tied AND NOT coalesce(tied_before, false)) AS n_ties,
    count(*) FILTER (tied AND differs) AS n_tied_other,
    count(*) FILTER (in_source) AS n_in_source,
    count(*) FILTER (in_source AND backwards) AS n_backwards,
    count(*) FILTER (rushed) AS n_rushed
FROM compared
GROUP BY source_id
ORDER BY source_id
