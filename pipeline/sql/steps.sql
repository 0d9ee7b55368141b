-- One event of the whole log, by journey and in order: the table lies so, and reading rows of it keeps that.
SELECT activity, epoch_us(time) AS time_us
FROM events
WHERE rowid >= $first AND rowid < $until
