"""Levels of every strip, noted while rendering and read when they are heard."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.mixing.effects.effect import Block

# More than any player renders ahead: 6 s at 44.1 kHz.
_KEPT_QUANTA = 512


@dataclass(frozen=True)
class Levels:
    """One strip during one quantum.

    Attributes:
        peak: greatest magnitude per channel, float32 `[channels]`.
        power: mean square per channel, float32 `[channels]`.
    """

    peak: NDArray[np.float32]
    power: NDArray[np.float32]


@dataclass(frozen=True)
class Moment:
    """All strips during one quantum; `frame` is the song's at its first sample."""

    frame: int
    strips: dict[str, Levels] = field(default_factory=dict)


class MeterTap:
    """Written by the thread that renders, read by any.

    What is rendered now is heard a quarter of a second later, so the levels wait here for their
    time.
    """

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque(maxlen=_KEPT_QUANTA)
        self._current = Moment(0)

    def begin(self, frame: int) -> None:
        """The blocks that follow sound at `frame` of the song."""
        self._current = Moment(frame)

    def note(self, strip: str, block: Block) -> None:
        """A strip's sound after its fader, float32 `[channels, n]`."""
        peak = np.maximum(block.max(axis=1), -block.min(axis=1))
        power = np.einsum("ij,ij->i", block, block) / block.shape[1]
        self._current.strips[strip] = Levels(peak, power)

    def end(self) -> None:
        """All strips are noted."""
        self._moments.append(self._current)

    def at(self, frame: int) -> Moment | None:
        """The moment that holds `frame`, as rendered last; None if it was not rendered."""
        for moment in reversed(tuple(self._moments)):
            if moment.frame <= frame < moment.frame + QUANTUM_FRAMES:
                return moment
        return None
