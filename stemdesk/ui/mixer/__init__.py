"""The mixer: strips, faders, knobs, meters, and the panel of one effect."""
