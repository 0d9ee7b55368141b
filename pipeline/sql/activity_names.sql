-- One row per activity of the whole log: its code and name.
SELECT activity, name
FROM activities
ORDER BY activity
