-- One row per wanted event: when it happened. wanted: place.
SELECT wanted.place, events.time
FROM wanted
JOIN events ON events.rowid = wanted.place
ORDER BY wanted.place
