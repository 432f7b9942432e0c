"""How much louder or softer one sound is than another, over the last seconds of both."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from stemdesk.audio.k_weighting import KWeighting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Block = NDArray[np.float32]

WINDOW_SECONDS = 3.0  # as long as short-term loudness (EBU Tech 3341)
# -70 LUFS, K-weighted power: what is softer does not count, as in integrated loudness (BS.1770).
SILENT_POWER = 10 ** ((-70 + 0.691) / 10)
RELATIVE_GATE = 0.1  # nor does what is 10 LU softer than the rest
LEAST_SECONDS = 0.4  # a block of BS.1770


class _Measured(NamedTuple):
    """A block: how long it is, and the frames and energy of each sound that count."""

    frames: int
    one: tuple[float, float]
    other: tuple[float, float]


class LevelMatch:
    """Compares the loudness of two sounds that run side by side.

    Args:
        sample_rate: Hz.
        channels: of both.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._weightings = [KWeighting(sample_rate, channels) for _ in range(2)]
        self._window_frames = round(WINDOW_SECONDS * sample_rate)
        self._least_frames = round(LEAST_SECONDS * sample_rate)
        self.restart()

    def restart(self) -> None:
        """What was heard so far is no measure any more."""
        self._blocks: deque[_Measured] = deque()
        self._frames = 0
        self._gain: float | None = None

    @property
    def gain(self) -> float | None:
        """What makes the other as loud as the one, as last known; None before. Any thread."""
        return self._gain

    def push(self, one: Block, other: Block) -> None:
        """The next block of both, `[channels, n]`."""
        count = one.shape[1]
        weighted = [
            float(weighting.push(sound).sum())
            for weighting, sound in zip(self._weightings, (one, other), strict=True)
        ]
        counted = [
            (float(count), energy) if energy > SILENT_POWER * count else (0.0, 0.0)
            for energy in weighted
        ]
        self._blocks.append(_Measured(count, *counted))
        self._frames += count
        while self._frames - self._blocks[0].frames >= self._window_frames:
            self._frames -= self._blocks.popleft().frames
        wanted = self._power([block.one for block in self._blocks])
        found = self._power([block.other for block in self._blocks])
        if wanted is not None and found is not None:
            self._gain = math.sqrt(wanted / found)

    def _power(self, counted: list[tuple[float, float]]) -> float | None:
        """Of the blocks that count; None where they are too few to tell, as in a pause."""
        frames = sum(frames for frames, _ in counted)
        if frames <= min(self._frames / 2, self._least_frames):
            return None
        gate = RELATIVE_GATE * sum(energy for _, energy in counted) / frames
        loud = [(frames, energy) for frames, energy in counted if energy > gate * frames]
        return sum(energy for _, energy in loud) / sum(frames for frames, _ in loud)
