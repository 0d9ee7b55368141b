-- One row: about how many different values each attribute has in a part of the log, under the name of its column.
-- carrier: the attributes of one level in that part.
SELECT count(*) AS n_rows, approx_count_distinct(COLUMNS('^attr_[0-9]+$')) AS "\0"
FROM carrier
ORDER BY n_rows
