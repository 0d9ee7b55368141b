-- The variant with exactly the path in the one row of the frame wanted(path).
SELECT v.variant_id
FROM variants AS v
JOIN wanted AS w ON w.path = v.path
ORDER BY v.variant_id
