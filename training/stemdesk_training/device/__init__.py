"""Mixes made where they are trained on: a pool in the memory of a GPU, and what is done to it."""
