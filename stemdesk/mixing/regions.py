"""Stretches of a stem that sound louder, softer or not at all, before its strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.levels import from_db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.sources import StemSource

FADE_MS = 10.0


@dataclass(frozen=True)
class Stretch:
    """From one frame to the one before another, at a gain.

    Attributes:
        first_frame: of the song.
        end_frame: the frame after its last.
        gain_db: -inf silences it.
    """

    first_frame: int
    end_frame: int
    gain_db: float


class RegionStem:
    """A stem with stretches of another gain; outside them every sample is as it was.

    A stretch reaches its gain at its edges: the fades of 10 ms, or of a third of a short stretch,
    lie within it.

    Args:
        source: the stem; may be replaced at any time by one of the same shape.
        stretches: none of which overlap; may be replaced at any time, from any thread.
    """

    def __init__(self, source: StemSource, stretches: Sequence[Stretch] = ()) -> None:
        self.source = source
        self.sample_rate, self.channels, self.frames = (
            source.sample_rate,
            source.channels,
            source.frames,
        )
        self.stretches = tuple(stretches)

    def read_at(self, frame: int, frames: int) -> Block:
        """float32 `[channels, frames]` from `frame` on; zeros outside the song."""
        block = self.source.read_at(frame, frames)
        for stretch in self.stretches:
            begin = max(0, stretch.first_frame - frame)
            end = min(frames, stretch.end_frame - frame)
            if begin < end:
                gains = self._gains(stretch, frame + begin, end - begin)
                block = block.copy()  # it may be the source's own memory
                block[:, begin:end] *= gains
        return block

    def _gains(self, stretch: Stretch, first: int, frames: int) -> Block:
        length = stretch.end_frame - stretch.first_frame
        fade = max(1, min(round(FADE_MS * self.sample_rate / 1000), length // 3))
        at = np.arange(first, first + frames)
        inside = np.minimum(at - stretch.first_frame + 1, stretch.end_frame - at)
        depth = np.minimum(1.0, inside / fade)
        gains: Block = (1.0 + (from_db(stretch.gain_db) - 1.0) * depth).astype(np.float32)
        return gains
