"""The document: what a project is, how it changes, and how it lies on disk."""
