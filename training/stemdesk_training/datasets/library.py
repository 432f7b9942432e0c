"""A library of multitracks, whatever its layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk_training.datasets.layouts import (
    dsd100,
    ikala,
    medleydb,
    musdb,
    pairs,
    song_folders,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk_training.datasets.multitrack import Multitrack

# In this order: a layout that says much of itself goes before one that could be anybody's.
LAYOUTS: dict[str, Callable[[Path], list[Multitrack]]] = {
    "musdb18": musdb.find,
    "medleydb": medleydb.find,
    "dsd100": dsd100.find,
    "ikala": ikala.find,
    "folders": song_folders.find,
    "pairs": pairs.find,
}


def find_songs(root: Path, layout: str | None = None) -> list[Multitrack]:
    """The songs of a library.

    Args:
        root: its folder.
        layout: a key of :data:`LAYOUTS`; None: the first by which there are songs.

    Raises:
        UserError: there is no such folder or layout, or no song in it.
    """
    if not root.is_dir():
        raise UserError(f"{root} is not a folder", "name the folder of a library")
    if layout is not None and layout not in LAYOUTS:
        raise UserError(f"There is no layout {layout!r}", f"choose one of {', '.join(LAYOUTS)}")
    for name in (layout,) if layout else LAYOUTS:
        songs = LAYOUTS[name](root)
        if songs:
            return songs
    raise UserError(
        f"No multitracks were found in {root}",
        "give every song a folder with a file for each stem, named after it, or write a stems.toml",
    )
