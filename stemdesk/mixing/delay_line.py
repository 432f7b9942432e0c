"""A plain delay by a fixed number of frames, for strips that must wait for slower ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from stemdesk.mixing.effects.effect import Block


class DelayLine:
    """Delays blocks; a delay of 0 passes them on untouched.

    Args:
        channels: of every block.
        frames: the delay.
    """

    def __init__(self, channels: int, frames: int) -> None:
        self.frames = frames
        self._held = np.zeros((channels, frames), dtype=np.float32)

    def process(self, block: Block) -> Block:
        """The block `[channels, n]` that went in `frames` ago."""
        if not self.frames:
            return block
        joined = np.concatenate((self._held, block), axis=1)
        self._held = joined[:, block.shape[1] :]
        return joined[:, : block.shape[1]]

    def reset(self) -> None:
        """Forget what is held."""
        self._held = np.zeros_like(self._held)

    def resized(self, frames: int) -> DelayLine:
        """A line of another length that holds the same sound, as far as it reaches."""
        line = DelayLine(self._held.shape[0], frames)
        kept = min(frames, self.frames)
        if kept:
            line._held[:, frames - kept :] = self._held[:, self.frames - kept :]
        return line
