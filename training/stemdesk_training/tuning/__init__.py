"""Fine-tuning that does not forget."""
