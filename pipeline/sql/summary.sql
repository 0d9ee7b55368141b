-- The size of the chosen journeys; one row. Rejected rows belong to no journey, so they are those of all sources.
-- counted: activity, n_events, n_journeys.
WITH journeys_seen AS (
    SELECT
        count(*) AS journeys,
        count(DISTINCT variant_id) AS variants,
        min(start) AS start,
        max("end") AS "end",
        CAST(coalesce(sum(n_events), 0) AS BIGINT) AS events
    FROM log_journeys
),
activities_seen AS (
    SELECT count(*) AS activities FROM counted
),
rejected AS (
    SELECT CAST(coalesce(sum(rows_rejected), 0) AS BIGINT) AS rejected_rows FROM sources
)
SELECT j.events, j.journeys, j.variants, a.activities, j.start, j."end", r.rejected_rows
FROM journeys_seen AS j
CROSS JOIN activities_seen AS a
CROSS JOIN rejected AS r
ORDER BY j.events
