-- One event of the chosen journeys, by journey and in order.
SELECT journey_id, activity, epoch_us(time) AS time_us
FROM log_events
ORDER BY place
