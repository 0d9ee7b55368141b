-- A value that names a program instead of a person, with its number, most frequent first. n_all: rows with any such.
-- valued: value.
WITH bots AS MATERIALIZED (
    SELECT value, count(*) AS n
    FROM valued
    WHERE regexp_matches(value, $pattern)
    GROUP BY value
)
SELECT value, n, (SELECT CAST(sum(n) AS BIGINT) FROM bots) AS n_all
FROM bots
ORDER BY n DESC, value
LIMIT $n
