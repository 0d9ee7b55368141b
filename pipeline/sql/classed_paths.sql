-- One row per journey: its path as class ids. classes and event_classes: see pipeline/selection.py.
SELECT journey_id, list(class_id ORDER BY position) AS path
FROM event_classes
GROUP BY journey_id
ORDER BY path, journey_id
