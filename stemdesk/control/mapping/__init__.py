"""Single controls bound to parameters: what moved, what it drives, what it shows."""
