"""Desks that speak the Mackie Control protocol."""
