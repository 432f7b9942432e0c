"""The effects, one kind a file."""
