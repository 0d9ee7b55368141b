-- One activity of the whole log.
SELECT activity, n_events, n_journeys, n_start, n_end
FROM activity_counts
ORDER BY activity
