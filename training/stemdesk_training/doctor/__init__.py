"""The dataset doctor: what is wrong with a library of multitracks, and what of it can be mended."""
