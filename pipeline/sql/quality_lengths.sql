-- One number of events, with the journeys and the customers that have it. customers: key, n_events, n_journeys.
WITH of_journeys AS (
    SELECT n_events, count(*) AS n_journeys FROM journeys GROUP BY n_events
),
of_customers AS (
    SELECT n_events, count(*) AS n_customers FROM customers GROUP BY n_events
)
SELECT
    CAST(coalesce(j.n_events, c.n_events) AS BIGINT) AS n_events,
    coalesce(j.n_journeys, 0) AS n_journeys,
    coalesce(c.n_customers, 0) AS n_customers
FROM of_journeys AS j
FULL JOIN of_customers AS c ON c.n_events = j.n_events
ORDER BY 1
