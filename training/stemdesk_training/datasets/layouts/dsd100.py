"""DSD100 (Liutkus et al. 2017): `Mixtures/Dev/<song>/` beside `Sources/Dev/<song>/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk_training.datasets.multitrack import STEMS, Multitrack, Part

if TYPE_CHECKING:
    from pathlib import Path

SPLITS = {"Dev": "train", "Test": "test"}


def find(root: Path) -> list[Multitrack]:
    """The songs of both halves; none where the two folders are not there."""
    songs = []
    for half, split in SPLITS.items():
        for folder in sorted((root / "Sources" / half).glob("*/")):
            stems = {stem: (Part(folder / f"{stem}.wav"),) for stem in STEMS}
            mixture = root / "Mixtures" / half / folder.name / "mixture.wav"
            # `055 - Angels In Amplifiers - I'm Alright`
            words = folder.name.split(" - ")
            songs.append(
                Multitrack(
                    name=f"{half}/{folder.name}",
                    stems=stems,
                    mixture=(Part(mixture),),
                    split=split,
                    artist=words[1] if len(words) > 2 else "",
                )
            )
    return songs
