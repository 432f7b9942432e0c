"""Separated songs in files, for the tests of what StemDesk writes for DAWs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

from stemdesk.daw.session import Session, SessionTrack

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

STEMS = ("vocals", "drums", "bass", "other")
COLOURS = ("#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#f0e442")


@dataclass(frozen=True)
class Song:
    """A session and what its files hold, `[frames, channels]` float64."""

    session: Session
    stems: dict[str, NDArray[np.float64]]

    @property
    def mixture(self) -> NDArray[np.float64]:
        return np.sum(list(self.stems.values()), axis=0)


def make_song(
    folder: Path,
    *,
    names: tuple[str, ...] = STEMS,
    sample_rate: int = 44_100,
    frames: int = 30_011,
    channels: int = 2,
    peak: float = 0.2,
    grid_bits: int | None = 23,
    file: tuple[str, str] = ("wav", "FLOAT"),
    **session: Any,
) -> Song:
    """Noise in every stem, on a grid as separated stems lie on one."""
    random = np.random.default_rng(len(names) + frames)
    extension, subtype = file
    tracks, stems = [], {}
    for number, name in enumerate(names):
        samples = random.uniform(-peak, peak, (frames, channels))
        if grid_bits is not None:
            samples = np.rint(samples * 2.0**grid_bits) / 2.0**grid_bits
        path = folder / f"{number} stem.{extension}"
        soundfile.write(path, samples, sample_rate, subtype=subtype)
        stems[name] = soundfile.read(path, always_2d=True)[0]
        tracks.append(SessionTrack(name, path, COLOURS[number % len(COLOURS)]))
    return Song(
        Session(
            title=session.pop("title", "Häuser am See"),
            sample_rate=sample_rate,
            frames=frames,
            channels=channels,
            tracks=tuple(tracks),
            **session,
        ),
        stems,
    )
