-- One value of an attribute with its number, most frequent first. valued: value.
SELECT value, count(*) AS n
FROM valued
WHERE value IS NOT NULL
GROUP BY value
ORDER BY n DESC, value
LIMIT $n
