"""Every strip's own sound, taken where it runs into the mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.meter_tap import MeterTap
from stemdesk.mixing.settings import MASTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.effects.effect import Block


class StripTap(MeterTap):
    """Keeps what the mixer adds up, strip by strip, so that the strips sum to the mix.

    The mixer renders further than it is read, by its latencies: what lies ahead waits here.

    Args:
        strips: whose sound is wanted.
        first_frame: of the song, from which on it is.
    """

    def __init__(self, strips: Sequence[str], first_frame: int) -> None:
        super().__init__()
        self._next = dict.fromkeys(strips, first_frame)
        self._kept: dict[str, list[Block]] = {name: [] for name in strips}

    def note(self, strip: str, block: Block, frame: int) -> None:
        """A strip's sound `[channels, n]` after its fader, from `frame` of the song on."""
        if strip == MASTER or strip not in self._next:
            return
        # What effects give while they fill up belongs before the first frame, and what was
        # rendered once more after a change of latency has been taken already.
        known = max(0, self._next[strip] - frame)
        if known < block.shape[1]:
            self._kept[strip].append(block[:, known:].copy())
            self._next[strip] = frame + block.shape[1]

    def note_reduction(self, reduction_db: float, frame: int, frames: int) -> None:
        """Of no interest here."""

    def take(self, strip: str, frames: int, channels: int) -> Block:
        """The next frames of a strip, float32 `[channels, frames]`; zeros where there are none."""
        parts = self._kept[strip]
        joined = np.concatenate(parts, axis=1) if parts else np.zeros((0, 0), np.float32)
        self._kept[strip] = [joined[:, frames:]] if joined.shape[1] > frames else []
        out = np.zeros((channels, frames), dtype=np.float32)
        rows, count = len(joined), min(frames, joined.shape[1])
        out[:rows, :count] = joined[:, :count]
        return out
