-- One row per synchronous event that the condition on events holds for.
-- checked: path, touchpoint, position. journey_paths: journey_id, path. chosen_events: journey_id, position.
SELECT chosen_events.journey_id, checked.touchpoint, checked.position
FROM checked
JOIN journey_paths ON journey_paths.path = checked.path
JOIN chosen_events
    ON chosen_events.journey_id = journey_paths.journey_id AND chosen_events.position = checked.position
ORDER BY chosen_events.journey_id, checked.touchpoint, checked.position
