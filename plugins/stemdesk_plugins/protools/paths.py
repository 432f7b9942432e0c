"""Folders as Pro Tools wants them: on macOS with colons and the volume's name in front."""

from __future__ import annotations

import sys
from pathlib import Path, PurePath, PurePosixPath


def shown(folder: PurePath) -> str:
    """A folder of this machine for Pro Tools."""
    if sys.platform == "darwin":
        return with_colons(PurePosixPath(folder), _start_volume())
    return f"{folder}\\"


def with_colons(folder: PurePosixPath, start_volume: str) -> str:
    """A macOS path in the older style.

    Args:
        folder: an absolute path.
        start_volume: the name of the volume that `/` is on.
    """
    parts = folder.parts[1:]
    if parts[:1] == ("Volumes",) and len(parts) > 1:
        start_volume, parts = parts[1], parts[2:]
    # A colon in a name is a slash to the older style.
    return ":".join([start_volume, *(part.replace(":", "/") for part in parts)]) + ":"


def _start_volume() -> str:
    volumes = Path("/Volumes")
    names = (each.name for each in volumes.iterdir() if each.resolve() == Path("/"))
    return next(names, "Macintosh HD")
