"""The process that separates for the desktop app, and the app's side of it."""
