"""What a run is made of, below the loop that conducts it: folder, state, steps, pace, orders."""
