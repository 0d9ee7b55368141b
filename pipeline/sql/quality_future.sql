-- The events after the moment in which their file was loaded, by file; last is the latest of them.
SELECT s.name AS source, s.ingested_at AS loaded, max(e.time) AS last, count(*) AS n
FROM events AS e
JOIN sources AS s ON s.source_id = e.source_id
WHERE e.time > s.ingested_at
GROUP BY s.source_id, s.name, s.ingested_at
ORDER BY n DESC, s.source_id
