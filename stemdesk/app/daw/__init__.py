"""Separated songs into DAWs, and clips of DAW projects out of and back into them."""
