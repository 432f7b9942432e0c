"""The structure of sound files: where their audio is, and whether all that they promise is there."""
