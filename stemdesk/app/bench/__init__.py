"""The desktop app's workbench: one project at work, without any window."""
