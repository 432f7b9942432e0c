"""Real instrumental music for training, and what of it is held out."""
