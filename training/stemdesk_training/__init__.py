"""The trainer: corpus, recipes, training and evaluation."""
