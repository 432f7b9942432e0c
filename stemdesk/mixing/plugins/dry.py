"""The sound past a plug-in: kept in time with it, and taken instead of it without a click."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Block = NDArray[np.float32]

_KEPT_FRAMES = 16_384  # at least, so that a higher latency finds the past it needs
_RAMP_SECONDS = 0.01


class DryLine:
    """A delay line whose delay may change from block to block.

    Args:
        channels: how many.
    """

    def __init__(self, channels: int) -> None:
        self._kept_frames = _KEPT_FRAMES
        self._past = np.zeros((channels, 2 * _KEPT_FRAMES), np.float32)
        self._end = _KEPT_FRAMES

    def clear(self) -> None:
        """Silence before the next block."""
        self._past[:] = 0.0

    def push(self, block: Block, delay_frames: int) -> Block:
        """Take a block `[channels, frames]`, give the one that lies so many frames back."""
        frames = block.shape[1]
        if delay_frames + frames > self._kept_frames:
            self._keep(2 * (delay_frames + frames))
        if self._end + frames > self._past.shape[1]:
            self._keep(self._kept_frames)
        self._past[:, self._end : self._end + frames] = block
        self._end += frames
        last = self._end - delay_frames
        return self._past[:, last - frames : last].copy()

    def _keep(self, frames: int) -> None:
        newest = self._past[:, max(0, self._end - frames) : self._end]
        past = np.zeros((newest.shape[0], 2 * frames), np.float32)
        past[:, frames - newest.shape[1] : frames] = newest
        self._past, self._end, self._kept_frames = past, frames, frames


class Switch:
    """Goes from the plug-in's sound to the dry one and back, by short ramps.

    A plug-in that fails leaves nothing to fade out: its last sample is held and faded, while the
    dry sound fades in, so that the step becomes a slope.

    Args:
        channels: how many.
        rate_hz: sample rate.
    """

    def __init__(self, channels: int, rate_hz: int) -> None:
        frames = max(2, math.ceil(_RAMP_SECONDS * rate_hz))
        self._rise = (0.5 - 0.5 * np.cos(np.pi * np.arange(1, frames + 1) / frames)).astype(
            np.float32
        )
        self._last = np.zeros((channels, 1), np.float32)
        self._was_wet = False
        self._from_last = frames  # how far the ramp away from the held sample has come
        self._to_wet = frames  # how far the ramp from dry to wet has come

    def clear(self) -> None:
        """No ramp is under way, as after a seek."""
        self._last[:] = 0.0
        self._was_wet = False
        self._from_last = self._to_wet = self._rise.size

    def fail(self) -> None:
        """The last block was the plug-in's last, if it was the plug-in's at all."""
        if self._was_wet:
            self._from_last = 0

    def recover(self, wait_frames: int) -> None:
        """The plug-in plays again, but is heard only after so many frames."""
        self._to_wet = -wait_frames

    def dry(self, block: Block) -> Block:
        """The dry block, with the end of the plug-in's sound before it."""
        rise = self._part(self._from_last, block.shape[1])
        self._from_last += block.shape[1]
        self._was_wet = False
        return self._ended(block if rise is None else self._last + rise * (block - self._last))

    def wet(self, block: Block, dry: Block) -> Block:
        """The plug-in's block, or a passage to it from the dry one."""
        rise = self._part(self._to_wet, block.shape[1])
        self._to_wet += block.shape[1]
        self._from_last = self._rise.size
        self._was_wet = True
        return self._ended(block if rise is None else dry + rise * (block - dry))

    def _part(self, place: int, frames: int) -> Block | None:
        if place >= self._rise.size:
            return None
        places = np.clip(np.arange(place, place + frames), -1, self._rise.size - 1)
        return np.where(places < 0, np.float32(0.0), self._rise[places])

    def _ended(self, block: Block) -> Block:
        # While a ramp leads away from the held sample, that sample stays what it was.
        if self._from_last >= self._rise.size:
            self._last = block[:, -1:].copy()
        return block
