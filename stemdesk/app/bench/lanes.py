"""What the timeline's derived lanes show: the sum of the stems, and what it lacks of the song."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stemdesk.mixing.sources import StemSource

SUM, RESIDUAL, MIXTURE = "sum", "residual", "mixture"


class SumSource:
    """Stems added up.

    Args:
        stems: of one length, rate and channel count.
    """

    def __init__(self, stems: Sequence[StemSource]) -> None:
        self._stems = tuple(stems)
        first = self._stems[0]
        self.sample_rate, self.channels, self.frames = (
            first.sample_rate,
            first.channels,
            first.frames,
        )

    def read_at(self, frame: int, frames: int) -> NDArray[np.float32]:
        """float32 `[channels, frames]` from `frame` on."""
        total = self._stems[0].read_at(frame, frames).copy()
        for stem in self._stems[1:]:
            total += stem.read_at(frame, frames)
        return total


class ResidualSource:
    """A song less the sum of its stems; silent wherever they null.

    Args:
        mixture: the song.
        stems: its stems.
        gain: common gain of the stems.
    """

    def __init__(self, mixture: StemSource, stems: Sequence[StemSource], gain: float = 1.0) -> None:
        self._mixture, self._sum, self._gain = mixture, SumSource(stems), np.float32(gain)
        self.sample_rate, self.channels, self.frames = (
            mixture.sample_rate,
            mixture.channels,
            mixture.frames,
        )

    def read_at(self, frame: int, frames: int) -> NDArray[np.float32]:
        """float32 `[channels, frames]` from `frame` on."""
        mixture = self._mixture.read_at(frame, frames) * self._gain
        rest: NDArray[np.float32] = mixture - self._sum.read_at(frame, frames)
        return rest
