"""The song that comes with the program."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def demo_song() -> Path:
    """Its file."""
    return Path(str(importlib.resources.files("stemdesk") / "demo" / "first_light.flac"))
