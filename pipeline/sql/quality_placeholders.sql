-- A customer whose id is one of the words that stand for no id. customers: key, n_events, n_journeys.
SELECT key AS id, CAST(n_events AS BIGINT) AS n, CAST(n_journeys AS BIGINT) AS n_journeys
FROM customers
WHERE list_contains($words, lower(nfc_normalize(key)))
ORDER BY n_events DESC, key
