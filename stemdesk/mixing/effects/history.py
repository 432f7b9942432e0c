"""The latest sound, to be read again at any delay: echoes, pre-delay, look-ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    from stemdesk.mixing.effects.effect import Block


class History:
    """A ring of samples, written in whole blocks or in equal parts of one.

    Args:
        channels: of the sound.
        frames: how far back it reaches at least.
    """

    def __init__(self, channels: int, frames: int) -> None:
        self._frames = -(-frames // QUANTUM_FRAMES) * QUANTUM_FRAMES
        self._ring = np.zeros((channels, self._frames), dtype=np.float32)
        self._end = 0

    def write(self, sound: Block) -> None:
        """Append a block or a part of one, which therefore never meets the ring's end."""
        last = self._end + sound.shape[1]
        self._ring[:, self._end : last] = sound
        self._end = last if last < self._frames else 0

    def read(self, frames: int, delay_frames: int) -> Block:
        """The `frames` frames that end `delay_frames` before the newest; good until the next write.

        Both together may reach as far back as the history.
        """
        first = (self._end - delay_frames - frames) % self._frames
        last = first + frames
        if last <= self._frames:
            return self._ring[:, first:last]
        before_end, from_start = self._ring[:, first:], self._ring[:, : last - self._frames]
        return np.concatenate((before_end, from_start), axis=1)

    def clear(self) -> None:
        """Forget all sound."""
        self._ring[:] = 0.0
        self._end = 0
