-- A journey with more than $above events and at most $below, those with most first.
SELECT key AS journey, CAST(n_events AS BIGINT) AS n, start AS time
FROM journeys
WHERE n_events > $above AND n_events <= $below
ORDER BY n_events DESC, journey_id
LIMIT $n
