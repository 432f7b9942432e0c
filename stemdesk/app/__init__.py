"""Use cases: what the command line, the library and the app have in common."""
