"""Following and giving time: MIDI clock, MIDI time code, and a player that chases them."""
