"""Batches as a model is to hear them."""
