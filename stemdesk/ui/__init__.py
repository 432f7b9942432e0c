"""The desktop app's windows; the only package that knows Qt."""
