-- One row per day of the whole log with an event.
SELECT day, n_events, n_started
FROM calendar
ORDER BY day
