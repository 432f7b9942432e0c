"""Stems that are heard while they are being separated."""
