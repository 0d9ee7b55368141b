-- One event of the chosen journeys, by journey and in order: the table lies so, and reading it keeps that.
SELECT journey_id, activity, epoch_us(time) AS time_us
FROM log_events
