"""Synthesis of the training corpus: a pool of stems, and random mixes drawn from it."""
