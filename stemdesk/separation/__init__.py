"""The shared core: one way from a mixture to stems for every mask network."""
