-- One distinct path of the whole log; the table lies in the order of paths, and reading it whole keeps that.
SELECT variant_id, path, n_journeys
FROM variants
