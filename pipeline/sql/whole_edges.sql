-- One directly-follows pair of the whole log; workspaces of before the interval of the median have no columns for it.
FROM edges
ORDER BY source, target
