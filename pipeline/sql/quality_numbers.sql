-- How many values of a text attribute are numbers, and examples of those that are not; one row. valued: value.
SELECT
    count(*) AS n_values,
    count(*) FILTER (TRY_CAST(value AS DOUBLE) IS NOT NULL) AS n_numbers,
    min(value, $n) FILTER (TRY_CAST(value AS DOUBLE) IS NULL) AS others
FROM valued
WHERE value IS NOT NULL
ORDER BY n_values
