"""Audio in and out: clips, reading, writing, resampling, levels and the null measurement."""
