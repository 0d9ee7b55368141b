-- Events that end before they start, those that miss most first. n_all: all of them; n_told: events with an end.
-- ended: journey_id, event_no, activity, time, finish.
WITH wrong AS MATERIALIZED (
    SELECT journey_id, event_no, activity, time, finish
    FROM ended
    WHERE finish < time
)
SELECT
    j.key AS journey, a.name AS activity, w.time, w.finish,
    (SELECT count(*) FROM wrong) AS n_all, (SELECT count(finish) FROM ended) AS n_told
FROM wrong AS w
JOIN journeys AS j ON j.journey_id = w.journey_id
JOIN activities AS a ON a.activity = w.activity
ORDER BY w.time - w.finish DESC, w.journey_id, w.event_no
LIMIT $n
