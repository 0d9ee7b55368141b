-- Rows that are there more than once: same journey, activity, time and attributes. n_all: rows beyond the first ones.
-- Only events at the same time as a neighbour can be copies, so only they are grouped: by one number of 64 bits that
-- stands for all of their values, since a wide key would cost several times as much. Among a hundred million such
-- events, two different rows share their number once in some thousand logs. Attributes of the journey are equal anyway.
WITH told AS (
    SELECT journey_id, event_no, activity, time, hash(journey_id, time, *COLUMNS('^(activity|attr_[0-9]+)$')) AS content
    FROM events
),
neighbours AS (
    SELECT
        journey_id, time, content,
        lag(journey_id) OVER () AS journey_before,
        lag(time) OVER () AS time_before,
        lead(journey_id) OVER () AS journey_after,
        lead(time) OVER () AS time_after
    FROM told
),
copies AS MATERIALIZED (
    SELECT content, count(*) AS n
    FROM neighbours
    WHERE (journey_id = journey_before AND time = time_before) OR (journey_id = journey_after AND time = time_after)
    GROUP BY content
    HAVING count(*) > 1
),
first_ones AS MATERIALIZED (
    SELECT any_value(c.n) AS n, min(t.journey_id) AS journey_id, min(t.event_no) AS event_no, min(t.activity) AS activity,
        min(t.time) AS time
    FROM told AS t
    JOIN copies AS c ON c.content = t.content
    GROUP BY c.content
)
SELECT
    j.key AS journey, a.name AS activity, f.time, f.n,
    (SELECT CAST(sum(n - 1) AS BIGINT) FROM first_ones) AS n_all,
    (SELECT count(DISTINCT journey_id) FROM first_ones) AS n_journeys
FROM first_ones AS f
JOIN journeys AS j ON j.journey_id = f.journey_id
JOIN activities AS a ON a.activity = f.activity
ORDER BY f.n DESC, f.journey_id, f.time, f.event_no
LIMIT $n
