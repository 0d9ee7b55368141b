-- One row per journey of which a rule asks something: how often, how often the time for it was up when the log ended
-- (a moment later at least, since the last moment may hold more), and how often nothing had come by then. Where the
-- time of an answer is not known, it counts as one.
-- due: path, position, answer (position of what may answer, or null). journey_paths: journey_id, path.
WITH asked AS (
    SELECT journey_paths.journey_id, j.first_place, due.position, due.answer
    FROM due
    JOIN journey_paths ON journey_paths.path = due.path
    JOIN log_journeys AS j ON j.journey_id = journey_paths.journey_id
),

timed AS (
    SELECT
        asked.journey_id,
        epoch_us($log_end) - epoch_us(asking.time) > $within_us AS is_up,
        coalesce(epoch_us(answering.time) - epoch_us(asking.time) <= $within_us, asked.answer IS NOT NULL) AS is_answered
    FROM asked
    JOIN log_events AS asking ON asking.place = asked.first_place + asked.position
    LEFT JOIN log_events AS answering ON answering.place = asked.first_place + asked.answer
)

SELECT
    journey_id,
    count(*) AS n_asks,
    count(*) FILTER (WHERE is_up) AS n_up,
    count(*) FILTER (WHERE is_up AND NOT is_answered) AS n_late
FROM timed
GROUP BY journey_id
ORDER BY journey_id
