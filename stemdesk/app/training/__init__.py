"""The trainer seen from the app: its programs run as child processes, and are told from events."""
