"""Levels of every strip, noted while rendering and read when they are heard."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        frame: of the song, at the quantum's first sample.
        frames: how long it is.
    """

    peak: NDArray[np.float32]
    power: NDArray[np.float32]
    frame: int
    frames: int


@dataclass(frozen=True)
class Reduction:
    """By how much the limiter turned one quantum down, and which."""

    reduction_db: float
    frame: int
    frames: int


@dataclass(frozen=True)
class Moment:
    """What sounds at one frame of the song.

    Attributes:
        strips: strip name -> its levels.
        reduction_db: by how much the limiter turns down.
    """

    strips: dict[str, Levels]
    reduction_db: float = 0.0


class MeterTap:
    """Written by the thread that renders, read by any.

    What is rendered now is heard a quarter of a second later, so the levels wait here for their
    time. A strip is rendered before the master's effects and the limiter have delayed it, each
    by its latency, so every level is kept under the song's frame that its sound belongs to.
    """

    def __init__(self) -> None:
        self._levels: dict[str, deque[Levels]] = {}
        self._reductions: deque[Reduction] = deque(maxlen=_KEPT_QUANTA)

    def note(self, strip: str, block: Block, frame: int) -> None:
        """A strip's sound after its fader.

        Args:
            strip: its name.
            block: float32 `[channels, n]`.
            frame: of the song, at the block's first sample.
        """
        peak = np.maximum(block.max(axis=1), -block.min(axis=1))
        power = np.einsum("ij,ij->i", block, block) / block.shape[1]
        course = self._levels.setdefault(strip, deque(maxlen=_KEPT_QUANTA))
        course.append(Levels(peak, power, frame, block.shape[1]))

    def note_reduction(self, reduction_db: float, frame: int, frames: int) -> None:
        """What the limiter did to `frames` of the mix, from `frame` of the song on."""
        self._reductions.append(Reduction(reduction_db, frame, frames))

    def at(self, frame: int) -> Moment | None:
        """What was rendered for `frame`, as rendered last; None if it was not rendered."""
        strips = {
            name: levels
            for name, course in tuple(self._levels.items())
            if (levels := _newest(course, frame)) is not None
        }
        limited = _newest(self._reductions, frame)
        if not strips:
            return None
        return Moment(strips, 0.0 if limited is None else limited.reduction_db)


class _Timed(Protocol):
    """Something that holds during some frames."""

    @property
    def frame(self) -> int: ...

    @property
    def frames(self) -> int: ...


T = TypeVar("T", bound=_Timed)


def _newest(course: Iterable[T], frame: int) -> T | None:
    """The one noted last of those that hold at `frame`."""
    for noted in reversed(tuple(course)):
        if noted.frame <= frame < noted.frame + noted.frames:
            return noted
    return None
