"""Export: what of a project goes into files for others, and the proof of it."""
