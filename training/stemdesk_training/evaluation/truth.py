"""A song as it is known: true stems and their mixture, at one rate and width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk_training.datasets.multitrack import converted, read_sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk_training.datasets.multitrack import Multitrack

    Audio = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Truth:
    """See the module.

    Attributes:
        name: of the song.
        stems: their names.
        references: ``[stems, channels, frames]``; silence for stems that the song does not have.
        mixture: ``[channels, frames]``.
        sample_rate: Hz.
    """

    name: str
    stems: tuple[str, ...]
    references: Audio
    mixture: Audio
    sample_rate: int


def read_truth(song: Multitrack, stems: Sequence[str]) -> Truth:
    """Read a song; without a mixture the stems' sum is one.

    Args:
        song: its files.
        stems: wanted; what the song has beside them is added to the last.

    Raises:
        UserError: a file cannot be read.
    """
    clips = {name: read_sum(parts) for name, parts in song.stems.items()}
    whole = read_sum(song.mixture) if song.mixture else None
    everything = [*clips.values(), *([whole] if whole else [])]
    rate = whole.sample_rate if whole else everything[0].sample_rate
    frames = max(round(clip.frames * rate / clip.sample_rate) for clip in everything)
    channels = max(clip.channels for clip in everything)
    references = np.zeros((len(stems), channels, frames))
    for name, clip in clips.items():
        place = list(stems).index(name) if name in stems else len(stems) - 1
        samples = converted(clip, rate).samples
        references[place, :, : samples.shape[1]] += samples
    mixture = references.sum(axis=0)
    if whole is not None:
        mixture = np.zeros((channels, frames))
        mixture[:, : whole.frames] = whole.samples
    return Truth(song.name, tuple(stems), references, mixture, rate)
