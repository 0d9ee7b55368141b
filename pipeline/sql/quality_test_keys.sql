-- A customer whose id says that it is a test. n_all, n_events: all of them, and their events.
-- The plain search comes first, since it rules nearly all ids out and costs little.
WITH lowered AS (
    SELECT key, n_events, lower(key) AS word
    FROM customers
),
tests AS MATERIALIZED (
    SELECT key, n_events
    FROM lowered
    WHERE (contains(word, 'test') OR contains(word, 'demo') OR contains(word, 'dummy') OR contains(word, 'qa')
        OR contains(word, 'example.')) AND regexp_matches(word, $pattern)
)
SELECT
    key AS id, CAST(n_events AS BIGINT) AS n, (SELECT count(*) FROM tests) AS n_all,
    (SELECT CAST(sum(n_events) AS BIGINT) FROM tests) AS n_events
FROM tests
ORDER BY n DESC, key
LIMIT $n
