-- One row per gap of $gaps (microseconds, rising): how many silences of a customer last at most so long; besides, the same
-- in every row, how many customers there are, how many silences, and how many events other than a customer's first begin
-- a journey by their activity ($start) whatever the silence before them. Where journeys are parts of customers ($split),
-- their keys are customer/1, customer/2 ..., and the silences between them count too.
-- A silence lasts from one event with a time to the next; what has none neither ends nor begins a silence.
-- Events lie by journey and in order, and reading them whole keeps that.
WITH inside AS (
    SELECT
        date_diff('microsecond', lag(time) OVER (), time) AS silence_us,
        journey_id = lag(journey_id) OVER () AS follows,
        coalesce(activity = $start, false) AS starts
    FROM events
    WHERE time IS NOT NULL
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
        date_diff('microsecond', lag("end" IGNORE NULLS) OVER (PARTITION BY customer ORDER BY part), start) AS silence_us,
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
        count(silence_us) FILTER (NOT starts) AS n_silences
    FROM silences
),
begun AS (
    SELECT
        (SELECT count(*) FROM events WHERE activity = $start)
        - (SELECT count(*) FROM parts WHERE starts)
        + (SELECT count(*) FROM between_parts WHERE starts AND follows) AS n_starts
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
    begun.n_starts
FROM gaps
CROSS JOIN counted
CROSS JOIN begun
LEFT JOIN bins ON bins.gap_us = gaps.gap_us
ORDER BY gaps.gap_us
