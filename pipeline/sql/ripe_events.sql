-- One row per journey that began by $since and ended after it: how many events lie before the first that is later.
SELECT log_journeys.journey_id, CAST(min(log_events.place) - min(log_journeys.first_place) AS INTEGER) AS n_ripe
FROM log_journeys
JOIN log_events ON log_events.journey_id = log_journeys.journey_id
WHERE log_journeys.start <= $since AND log_journeys."end" > $since AND log_events.time > $since
GROUP BY log_journeys.journey_id
ORDER BY log_journeys.journey_id
