-- One file that was read into the workspace, in the order of reading.
SELECT
    source_id, name, format, CAST(bytes AS BIGINT) AS bytes, sha256, CAST(rows_in AS BIGINT) AS rows_in,
    CAST(rows_kept AS BIGINT) AS rows_kept, CAST(rows_rejected AS BIGINT) AS rows_rejected, mapping, ingested_at
FROM sources
ORDER BY source_id
