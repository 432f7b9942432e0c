"""The structure of sound files: where their audio is, and whether all of it is there."""
