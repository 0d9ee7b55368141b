-- Rows that are there more than once: same journey, activity, time and attributes. n_all: rows beyond the first ones.
-- Only events at the same time as a neighbour can be copies, so only they are grouped. Attributes of the journey are
-- equal anyway; those of events are told by a hash: two rows of one journey, activity and time that differ elsewhere
-- share it once in many billions.
WITH neighbours AS (
    SELECT
        *,
        lag(journey_id) OVER () AS journey_before,
        lag(time) OVER () AS time_before,
        lead(journey_id) OVER () AS journey_after,
        lead(time) OVER () AS time_after
    FROM events
),
copies AS MATERIALIZED (
    SELECT journey_id, time, any_value(activity) AS activity, hash(*COLUMNS('^(activity|attr_[0-9]+)$')) AS content,
        count(*) AS n
    FROM neighbours
    WHERE (journey_id = journey_before AND time = time_before) OR (journey_id = journey_after AND time = time_after)
    GROUP BY journey_id, time, content
    HAVING count(*) > 1
)
SELECT
    j.key AS journey, a.name AS activity, c.time, c.n,
    (SELECT CAST(sum(n - 1) AS BIGINT) FROM copies) AS n_all,
    (SELECT count(DISTINCT journey_id) FROM copies) AS n_journeys
FROM copies AS c
JOIN journeys AS j ON j.journey_id = c.journey_id
JOIN activities AS a ON a.activity = c.activity
ORDER BY c.n DESC, c.journey_id, c.time, a.name, c.content
LIMIT $n
