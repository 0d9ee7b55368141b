-- One refused row, in file order.
SELECT s.name AS source, CAST(r.line_no AS BIGINT) AS line_no, r.reason, r.raw
FROM rejects AS r
JOIN sources AS s ON s.source_id = r.source_id
ORDER BY r.source_id, r.line_no, r.raw
LIMIT $limit
