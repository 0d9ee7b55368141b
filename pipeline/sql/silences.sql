-- One row per gap of $gaps (microseconds, rising): how many silences of a customer last at most so long; besides, the same
-- in every row, how many customers there are, how many silences, and how many events other than a customer's first begin
-- a journey by their activity ($start) whatever the silence before them. Where journeys are parts of customers ($split),
-- their keys are customer/1, customer/2 ..., and the silences between them count too.
-- Events lie by journey and in order, and reading them whole keeps that.
WITH inside AS (
    SELECT
        date_diff('microsecond', lag(time) OVER (), time) AS silence_us,
        journey_id = lag(journey_id) OVER () AS follows,
        coalesce(activity = $start, false) AS starts
    FROM events
),
parts AS (
    SELECT
        CASE WHEN $split THEN regexp_replace(key, '/\d+$', '') ELSE key END AS customer,
        CASE WHEN $split THEN TRY_CAST(regexp_extract(key, '/(\d+)$', 1) AS BIGINT) END AS part,
        start, "end", coalesce(variants.path[1] = $start, false) AS starts
    FROM journeys
    JOIN variants USING (variant_id)
),
between_parts AS (
    SELECT
        date_diff('microsecond', lag("end") OVER (PARTITION BY customer ORDER BY part), start) AS silence_us,
        row_number() OVER (PARTITION BY customer ORDER BY part) > 1 AS follows,
        starts
    FROM parts
    WHERE $split
),
silences AS (
    SELECT silence_us, starts FROM inside WHERE follows
    UNION ALL
    SELECT silence_us, starts FROM between_parts WHERE follows
),
counted AS (
    SELECT
        histogram(silence_us, CAST($gaps AS BIGINT[])) FILTER (NOT starts) AS counts,
        count(silence_us) FILTER (NOT starts) AS n_silences,
        count(*) FILTER (starts) AS n_starts
    FROM silences
),
bins AS (
    SELECT unnest(map_keys(counts)) AS gap_us, unnest(map_values(counts)) AS n FROM counted
),
gaps AS (
    SELECT unnest(CAST($gaps AS BIGINT[])) AS gap_us
)
SELECT
    gaps.gap_us,
    CAST(sum(coalesce(bins.n, 0)) OVER (ORDER BY gaps.gap_us) AS BIGINT) AS n_within,
    (SELECT CASE WHEN $split THEN count(DISTINCT customer) ELSE count(*) END FROM parts) AS n_customers,
    counted.n_silences,
    counted.n_starts
FROM gaps
CROSS JOIN counted
LEFT JOIN bins ON bins.gap_us = gaps.gap_us
ORDER BY gaps.gap_us
