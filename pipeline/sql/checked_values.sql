-- One row per synchronous event that is checked: the value of an attribute there.
-- checked: path, touchpoint, position. journey_paths: journey_id, path. event_values: journey_id, position, value.
SELECT event_values.journey_id, checked.touchpoint, checked.position, event_values.value
FROM checked
JOIN journey_paths ON journey_paths.path = checked.path
JOIN event_values ON event_values.journey_id = journey_paths.journey_id AND event_values.position = checked.position
ORDER BY event_values.journey_id, checked.touchpoint, checked.position
