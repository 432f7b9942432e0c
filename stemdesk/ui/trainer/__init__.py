"""The trainer's window: songs, recipe, training, listening, and what came of it."""
