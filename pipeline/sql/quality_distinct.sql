-- One row: about how many different values each attribute has in a part of the log, under the name of its column.
-- carrier: the attributes of one level, and part, a number by which rows are chosen.
SELECT count(*) AS n_rows, approx_count_distinct(COLUMNS('^attr_[0-9]+$')) AS "\0"
FROM carrier
WHERE part % $every = 0
ORDER BY n_rows
