-- One row per synchronous event that came too long after the event it counts from.
-- due: path, touchpoint, position, reference, limit_s. journey_paths: journey_id, path.
WITH asked AS (
    SELECT journey_paths.journey_id, due.touchpoint, due.position, due.reference, due.limit_s
    FROM due
    JOIN journey_paths ON journey_paths.path = due.path
),

timed AS (
    SELECT
        asked.journey_id,
        asked.touchpoint,
        asked.position,
        asked.limit_s,
        (epoch_us(happened.time) - epoch_us(counted.time)) / 1e6 AS waited_s
    FROM asked
    JOIN log_journeys AS j ON j.journey_id = asked.journey_id
    JOIN log_events AS happened ON happened.place = j.first_place + asked.position
    JOIN log_events AS counted ON counted.place = j.first_place + asked.reference
)

SELECT journey_id, touchpoint, position
FROM timed
WHERE waited_s > limit_s
ORDER BY journey_id, touchpoint, position
