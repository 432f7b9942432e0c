"""iKala (Chan et al. 2015): `Wavfile/*.wav`, accompaniment on the left, voice on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk_training.datasets.multitrack import Multitrack, Part

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "Wavfile"


def find(root: Path) -> list[Multitrack]:
    """A song for each file; the mixture is the sum of both sides."""
    songs = []
    for path in sorted((root / FOLDER).glob("*.wav")):
        singer, _, _ = path.stem.partition("_")
        stems = {"vocals": (Part(path, channel=1),), "other": (Part(path, channel=0),)}
        songs.append(Multitrack(name=path.stem, stems=stems, artist=singer))
    return songs
