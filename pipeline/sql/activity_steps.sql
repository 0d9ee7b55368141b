-- One event of the whole log, by journey and in order: the table lies so, and reading rows of it keeps that.
SELECT activity
FROM events
WHERE rowid >= $first AND rowid < $until
