-- One row: how many values each attribute has, under the name of its column. carrier: the attributes of one level.
SELECT count(*) AS n_rows, count(COLUMNS('^attr_[0-9]+$')) AS "\0"
FROM carrier
ORDER BY n_rows
