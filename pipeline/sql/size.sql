-- The number of events and of journeys in the whole log; one row.
SELECT CAST(coalesce(sum(n_events), 0) AS BIGINT) AS events, count(*) AS journeys
FROM journeys
ORDER BY events
