"""MUSDB18 (Rafii et al. 2017): one `.stem.mp4` a song, five AAC streams in it.

MUSDB18-HQ is a folder a song and needs no reader of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk_training.datasets.layouts.song_folders import split_of
from stemdesk_training.datasets.multitrack import Multitrack, Part

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".stem.mp4"
STREAMS = ("mixture", "drums", "bass", "other", "vocals")


def find(root: Path) -> list[Multitrack]:
    """Every `.stem.mp4` below a folder."""
    return [_song(path, root) for path in sorted(root.rglob(f"*{SUFFIX}"))]


def _song(path: Path, root: Path) -> Multitrack:
    title = path.name.removesuffix(SUFFIX)
    artist, dash, _ = title.partition(" - ")
    parts = {name: (Part(path, stream=place),) for place, name in enumerate(STREAMS)}
    mixture = parts.pop("mixture")
    return Multitrack(
        name=(path.parent.relative_to(root) / title).as_posix(),
        stems=parts,
        mixture=mixture,
        split=split_of(path.parent, root),
        artist=artist if dash else "",
    )
