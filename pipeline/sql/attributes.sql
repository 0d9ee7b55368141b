-- One attribute of the log, in the order in which the files brought them.
SELECT name, level, type, role, "column"
FROM attributes
ORDER BY CAST(substr("column", 6) AS INTEGER)
