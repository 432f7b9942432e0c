"""A song as it is known: true stems and their mixture, at one rate and width."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stemdesk_training.datasets.multitrack import converted, read_sum
from stemdesk_training.evaluation.grouping import stem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk_training.datasets.multitrack import Multitrack
    from stemdesk_training.evaluation.grouping import Grouping

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
        stems: wanted; what the song has beside them is added to the one that is a rest
            (accompaniment, instrumental, other, rest), and is in the mixture alone if none is.

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
    mixture = np.zeros((channels, frames))
    for name, clip in clips.items():
        samples = converted(clip, rate).samples
        mixture[:, : samples.shape[1]] += samples
        stem = stem_of(name, stems)
        if stem is not None:
            references[list(stems).index(stem), :, : samples.shape[1]] += samples
    if whole is not None:
        mixture = np.zeros((channels, frames))
        mixture[:, : whole.frames] = whole.samples
    return Truth(song.name, tuple(stems), references, mixture, rate)


def regrouped(truth: Truth, grouping: Grouping) -> Truth:
    """The same song in other stems, sums of its own."""
    references = np.zeros((len(grouping), *truth.mixture.shape))
    for place, group in enumerate(grouping.values()):
        for name in group.true:
            references[place] += truth.references[truth.stems.index(name)]
    return replace(truth, stems=tuple(grouping), references=references)
