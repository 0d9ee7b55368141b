-- One reason for refusing rows of one source, with the first $n of them as a list of line and text.
SELECT
    s.name AS source, r.reason, count(*) AS n,
    arg_min({'line_no': CAST(r.line_no AS BIGINT), 'raw': r.raw[:500]}, coalesce(r.line_no, 9223372036854775807), $n) AS rows
FROM rejects AS r
JOIN sources AS s ON s.source_id = r.source_id
GROUP BY s.source_id, s.name, r.reason
ORDER BY s.source_id, n DESC, r.reason
