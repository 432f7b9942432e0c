"""MIDI ports: which there are, opening them, and seeing them come and go."""
