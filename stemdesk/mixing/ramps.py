"""Ramps: how long gains take to move, whatever the sample rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    from stemdesk.mixing.effects.effect import Block

RAMP_SECONDS = 0.01


class Ramp:
    """Half a cosine of about 10 ms (8 to 12), in steps that divide a quantum or are one.

    Args:
        sample_rate: Hz.

    Attributes:
        step_frames: how often a course is looked at.
        steps: so many of them make a ramp.
        frames: of the whole ramp.
    """

    def __init__(self, sample_rate: int) -> None:
        wanted = RAMP_SECONDS * sample_rate
        self.step_frames = min(QUANTUM_FRAMES, 2 ** round(math.log2(max(1.0, wanted))))
        self.steps = max(1, round(wanted / QUANTUM_FRAMES))
        self.frames = self.step_frames * self.steps
        phases = np.pi * np.arange(self.frames + 1) / self.frames
        self._rise = (0.5 - 0.5 * np.cos(phases)).astype(np.float32)
        self._fall = self._rise[::-1].copy()
        self.slope = (np.arange(self.step_frames) / self.step_frames).astype(np.float32)

    def rise(self, gone: int, frames: int) -> Block:
        """Gains `[frames]` on the way to 1, `gone` frames after it left 0; then 1."""
        return self._part(self._rise, gone, frames)

    def fall(self, gone: int, frames: int) -> Block:
        """Gains `[frames]` on the way to 0, `gone` frames after it left 1; then 0."""
        return self._part(self._fall, gone, frames)

    def _part(self, shape: Block, gone: int, frames: int) -> Block:
        if gone + frames <= self.frames:
            return shape[gone + 1 : gone + frames + 1]
        part: Block = shape[np.minimum(np.arange(gone + 1, gone + frames + 1), self.frames)]
        return part


class Fade:
    """Fades between two states, there and back, also from half-way.

    Args:
        is_up: the state to begin in.
    """

    def __init__(self, *, is_up: bool) -> None:
        self.is_up = is_up
        self._left = 0

    @property
    def is_moving(self) -> bool:
        """Whether it is between the two."""
        return self._left > 0

    def head(self, ramp: Ramp, *, up: bool) -> None:
        """Be on the way to one of the states."""
        if up != self.is_up:
            self.is_up, self._left = up, ramp.frames - self._left

    def gains(self, ramp: Ramp, frames: int) -> Block:
        """The next gains `[frames]`."""
        gone = ramp.frames - self._left
        self._left = max(0, self._left - frames)
        return ramp.rise(gone, frames) if self.is_up else ramp.fall(gone, frames)
