-- The size of the chosen journeys; one row. Rejected rows belong to no journey, so they are those of all sources.
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
    SELECT count(*) AS activities
    FROM (SELECT DISTINCT unnest(path) AS activity FROM variants SEMI JOIN log_journeys USING (variant_id)) AS seen
),
rejected AS (
    SELECT CAST(coalesce(sum(rows_rejected), 0) AS BIGINT) AS rejected_rows FROM sources
)
SELECT j.events, j.journeys, j.variants, a.activities, j.start, j."end", r.rejected_rows
FROM journeys_seen AS j
CROSS JOIN activities_seen AS a
CROSS JOIN rejected AS r
ORDER BY j.events
