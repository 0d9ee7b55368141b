-- One row: how long the chosen journeys take and how many events they have, at the shares $shares of journeys.
SELECT
    quantile_cont(date_diff('microsecond', start, "end") / 1e6, $shares) AS duration_s,
    quantile_cont(CAST(n_events AS DOUBLE), $shares) AS n_events
FROM log_journeys
