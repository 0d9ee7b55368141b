-- The size of the whole log; one row.
WITH journeys_seen AS (
    SELECT count(*) AS journeys, min(start) AS start, max("end") AS "end" FROM journeys
),
counted AS (
    SELECT count(*) AS activities, CAST(coalesce(sum(n_events), 0) AS BIGINT) AS events FROM activity_counts
),
variants_seen AS (
    SELECT count(*) AS variants FROM variants
),
rejected AS (
    SELECT CAST(coalesce(sum(rows_rejected), 0) AS BIGINT) AS rejected_rows FROM sources
)
SELECT c.events, j.journeys, v.variants, c.activities, j.start, j."end", r.rejected_rows
FROM journeys_seen AS j
CROSS JOIN counted AS c
CROSS JOIN variants_seen AS v
CROSS JOIN rejected AS r
ORDER BY c.events
