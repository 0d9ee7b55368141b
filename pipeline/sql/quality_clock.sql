-- One quarter of an hour since 1970 with events, and how exact they are:
-- 0 parts of a second, 1 whole seconds, 2 whole minutes, 3 exactly at the beginning of the quarter.
WITH exact AS (
    SELECT epoch_us(time) AS us
    FROM events
    WHERE time IS NOT NULL
)
SELECT
    us // 900000000 - CASE WHEN us < 0 AND us % 900000000 <> 0 THEN 1 ELSE 0 END AS quarter,
    CASE WHEN us % 1000000 <> 0 THEN 0 WHEN us % 60000000 <> 0 THEN 1 WHEN us % 900000000 <> 0 THEN 2 ELSE 3 END AS grain,
    count(*) AS n
FROM exact
GROUP BY quarter, grain
ORDER BY quarter, grain
