-- One activity of the chosen journeys, most frequent first. counted: activity, n_events, n_journeys.
SELECT c.activity, a.name, c.n_events, c.n_journeys
FROM counted AS c
JOIN activities AS a ON a.activity = c.activity
ORDER BY c.n_events DESC, a.name
