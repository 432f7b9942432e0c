"""Ableton Live, driven through StemDesk's remote script in it."""
