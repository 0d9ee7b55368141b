-- One activity with the journeys that start and end there; a path tells both.
WITH ends AS (
    SELECT v.path[1] AS first_activity, v.path[len(v.path)] AS last_activity, count(*) AS n
    FROM log_journeys AS j
    JOIN variants AS v ON v.variant_id = j.variant_id
    GROUP BY v.path
),
counted AS (
    SELECT first_activity AS activity, n AS n_start, 0 AS n_end FROM ends
    UNION ALL
    SELECT last_activity AS activity, 0 AS n_start, n AS n_end FROM ends
)
SELECT activity, CAST(sum(n_start) AS BIGINT) AS n_start, CAST(sum(n_end) AS BIGINT) AS n_end
FROM counted
GROUP BY activity
ORDER BY activity
