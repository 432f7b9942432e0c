"""Audacity, driven through its mod-script-pipe."""
