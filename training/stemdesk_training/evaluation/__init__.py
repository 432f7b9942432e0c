"""Systems compared: scores, oracles, statistics, and the files others read."""
