"""Where in a song something is sung, and the instrumental is truly that of the mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk_training.catalogue.aligning import Alignment
    from stemdesk_training.catalogue.settings import Settings

    Signal = NDArray[np.float32]

STEP_SECONDS = 1.0
SUNG_DB = -26.0  # of the mix's level; a soft voice in a loud song is 21 dB under it


def choose_excerpts(
    vocals: Signal, mix: Signal, sample_rate: int, alignment: Alignment, settings: Settings
) -> list[tuple[int, int]]:
    """First frame and end of excerpts that do not overlap, those with the most vocals first.

    Args:
        vocals: weak ones, `[channels, frames]`.
        mix: the same shape.
        sample_rate: Hz.
        alignment: of the pair; no excerpt touches a part that the instrumental has otherwise.
        settings: how many, how long, and how far from the ends.
    """
    length = round(settings.seconds * sample_rate)
    margin = round(settings.margin_seconds * sample_rate)
    last = mix.shape[1] - margin - length
    starts = range(margin, last + 1, round(STEP_SECONDS * sample_rate))
    sung, whole = _running_energy(vocals), _running_energy(mix)
    energies = {
        start: sung[start + length] - sung[start]
        for start in starts
        if alignment.agrees(start / sample_rate, (start + length) / sample_rate)
        and sung[start + length] - sung[start]
        > 10 ** (SUNG_DB / 10) * (whole[start + length] - whole[start])
    }
    chosen: list[int] = []
    for start in sorted(energies, key=lambda each: -energies[each]):
        if len(chosen) < settings.excerpts and all(abs(start - each) >= length for each in chosen):
            chosen.append(start)
    return [(start, start + length) for start in chosen]


def _running_energy(signal: Signal) -> NDArray[np.float64]:
    """Energy of everything before each frame, `[frames + 1]`."""
    power = np.square(signal, dtype=np.float64).sum(axis=0)
    return np.concatenate(([0.0], power.cumsum()))
