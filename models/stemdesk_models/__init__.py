"""The networks, one file per published system, and the shipped weights."""
