"""What StemDesk keeps that can be made again: how much of it there is, and emptying it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.app.work_folders import is_in_use, work_dir
from stemdesk.errors import UserError
from stemdesk.paths import cache_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

EVERYDAY = ("waveforms", "separations", "measurements")
"""What can go at any time; training data only while no model learns from it."""

_FOLDERS = {
    "waveforms": ("peaks",),
    "measurements": ("pace.json", "plugins.json"),
    "training": ("voices", "dataset", "library", "replay", "pools"),
}
_TITLES = {
    "waveforms": "waveforms of songs that were opened",
    "separations": "separations that were interrupted",
    "measurements": "speed of this computer, plug-ins that were found",
    "training": "sounds prepared for training",
}


@dataclass(frozen=True)
class CachePart:
    """One kind of what is kept.

    Attributes:
        name: `waveforms`, `separations`, `measurements` or `training`.
        title: what it is, in a few words.
        paths: files and folders; those at which a living process works are not among them.
        size_bytes: of all of it.
        files: how many.
    """

    name: str
    title: str
    paths: tuple[Path, ...]
    size_bytes: int
    files: int


def cache_parts(names: Iterable[str] = tuple(_TITLES)) -> tuple[CachePart, ...]:
    """What is kept of some kinds, by default of all; every file of them is looked at."""
    return tuple(_part(name) for name in names)


def empty_cache(names: Iterable[str] = EVERYDAY) -> int:
    """Remove what is kept of some kinds; what is in use stays.

    Returns:
        How many bytes were freed.

    Raises:
        UserError: there is no such kind.
    """
    wanted = list(names)
    for name in wanted:
        if name not in _TITLES:
            raise UserError(f"The cache has no part {name!r}", f"choose from {', '.join(_TITLES)}")
    freed_bytes = 0
    for part in cache_parts(wanted):
        for path in part.paths:
            _remove(path)
        freed_bytes += part.size_bytes - sum(_size_bytes(path) for path in part.paths)
    return freed_bytes


def _part(name: str) -> CachePart:
    paths = tuple(_separations()) if name == "separations" else tuple(_cached(name))
    files = [file for path in paths for file in _files(path)]
    size_bytes = sum(_size_bytes(file) for file in files)
    return CachePart(name, _TITLES[name], paths, size_bytes, len(files))


def _cached(name: str) -> Iterator[Path]:
    return (path for each in _FOLDERS[name] if (path := cache_dir() / each).exists())


def _separations() -> Iterator[Path]:
    try:
        folders = sorted(path for path in work_dir().iterdir() if path.is_dir())
    except OSError:
        return iter(())
    # Hidden ones belong to a song that is being opened.
    return (path for path in folders if not path.name.startswith(".") and not is_in_use(path))


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]


def _size_bytes(path: Path) -> int:
    """Of a file, or of all files in a folder; what goes meanwhile has none."""
    if path.is_dir():
        return sum(_size_bytes(each) for each in _files(path))
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
