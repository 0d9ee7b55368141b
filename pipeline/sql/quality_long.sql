-- A customer with more than $above events, those with most first. customers: key, n_events, n_journeys.
SELECT key AS id, CAST(n_events AS BIGINT) AS n
FROM customers
WHERE n_events > $above
ORDER BY n_events DESC, key
LIMIT $n
