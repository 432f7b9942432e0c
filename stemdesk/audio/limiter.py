"""A look-ahead brick-wall limiter: nothing beyond the ceiling, and the rest untouched."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.levels import db, from_db
from stemdesk.audio.sliding import sliding

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOK_AHEAD_MS = 5.0
MIN_RELEASE_MS = 1.0
RELEASED = 1e-6
"""A releasing attenuation below this (0.00001 dB) is none: what follows passes bit for bit."""

_SEGMENT_FRAMES = 1024
_STEPS = 2.0**40


class Limiter:
    """Turns peaks down before they come, for all channels alike, with a latency of 5 ms.

    The attenuation 1 - g that a frame needs, 1 - ceiling / highest magnitude, is held over the
    look-ahead (sliding maximum), released exponentially, and averaged over the look-ahead, so the
    gain runs down in a straight line and arrives when its peak does. Every value in the average
    that meets a frame is at least what that frame needs, so the ceiling is kept.

    - The output never exceeds the ceiling, a float32 value not above `ceiling_db`.
    - What lies below the ceiling passes bit for bit, delayed: always, if nothing went before, and
      after a reduction as soon as it is released (14 times `release_ms` at most).
    - A sample that is not a finite number counts as 0.
    - The output is the same whatever the blocks: the average is made of integers, and the release
      runs in segments on a grid of frames.

    Args:
        sample_rate: Hz.
        channels: Number of channels.
        ceiling_db: Highest output level, dB re full scale.
        release_ms: Time in which an attenuation falls to 37 %; at least 1 ms.

    Raises:
        ValueError: The ceiling is not finite or the release below 1 ms.
    """

    def __init__(
        self, sample_rate: int, channels: int, ceiling_db: float = 0.0, release_ms: float = 100.0
    ) -> None:
        self._sample_rate = sample_rate
        self._channels = channels
        self._latency_frames = max(1, round(LOOK_AHEAD_MS / 1000.0 * sample_rate))
        self._phase = 0
        self._released = 0.0
        self._fall = np.ones(_SEGMENT_FRAMES + 1)
        self._settings = (math.nan, math.nan)
        self.set(ceiling_db, release_ms)
        self.reset()

    @property
    def latency_frames(self) -> int:
        """By how many frames the output lies behind the input."""
        return self._latency_frames

    @property
    def reduction_db(self) -> float:
        """By how many dB, at most, the latest block was turned down; 0.0 for not at all."""
        return -db(self._lowest_gain) if self._lowest_gain < 1.0 else 0.0

    def set(self, ceiling_db: float, release_ms: float) -> None:
        """Takes new settings for the frames that follow; the gain moves there without a step.

        Frames already taken keep the old ceiling: the new one holds for the output after
        `latency_frames`.

        Raises:
            ValueError: As for the limiter.
        """
        if not math.isfinite(ceiling_db):
            raise ValueError(f"a ceiling of {ceiling_db} dB")
        if not MIN_RELEASE_MS <= release_ms < math.inf:
            raise ValueError(f"a release of {release_ms} ms")
        if self._settings == (ceiling_db, release_ms):
            return
        self._settings = (ceiling_db, release_ms)
        self._ceiling = _float32_below(from_db(ceiling_db))
        release_frames = release_ms / 1000.0 * self._sample_rate
        # The rest of the sound so far becomes the first value of a new segment.
        self._released *= float(self._fall[self._phase])
        self._phase = 0
        self._fall = np.exp(-np.arange(_SEGMENT_FRAMES + 1) / release_frames)
        self._rise = 1.0 / self._fall[:-1]

    def reset(self) -> None:
        """Forgets all sound, as after a seek; the settings stay."""
        self._delayed = np.zeros((self._channels, self._latency_frames), np.float32)
        self._needs = np.zeros(self._latency_frames)
        self._steps = np.zeros(self._latency_frames, np.int64)
        self._phase = 0
        self._released = 0.0
        self._idle = True
        self._lowest_gain = 1.0

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Limits the next block.

        Args:
            block: float32 `[channels, n]`, any n; it is not changed.

        Returns:
            float32 `[channels, n]`, `latency_frames` behind.

        Raises:
            ValueError: The block has another number of channels.
        """
        if block.ndim != 2 or block.shape[0] != self._channels:
            raise ValueError(f"a block of shape {block.shape} for {self._channels} channels")
        frames = block.shape[1]
        self._lowest_gain = 1.0
        if not frames:
            return block.copy()
        highest, lowest = float(block.max()), float(block.min())
        if not (math.isfinite(highest) and math.isfinite(lowest)):
            block = np.where(np.isfinite(block), block, np.float32(0.0))
            highest, lowest = float(block.max()), float(block.min())
        joined = np.concatenate([self._delayed, block], axis=1)
        self._delayed = joined[:, frames:]
        if self._idle and max(highest, -lowest) <= self._ceiling:
            self._phase = (self._phase + frames) % _SEGMENT_FRAMES
            return joined[:, :frames].copy()
        gain = self._gain(block)
        self._lowest_gain = float(gain.min())
        return (joined[:, :frames] * gain).astype(np.float32)

    def _gain(self, block: NDArray[np.float32]) -> NDArray[np.float64]:
        """What to multiply the delayed frames with, `[n]`."""
        level = np.abs(block).max(axis=0).astype(np.float64)
        needs = 1.0 - self._ceiling / np.maximum(level, self._ceiling)
        needs = np.concatenate([self._needs, needs])
        self._needs = needs[-self._latency_frames :]
        needs = sliding(np.maximum, needs, self._latency_frames + 1)
        attenuation = self._release(needs)
        attenuation = np.where(attenuation < RELEASED, needs, attenuation)

        # Whole numbers add up exactly, in any order. One step more than rounding up asks for
        # keeps the rounding of what follows on the safe side: it shows from +180 dB on.
        steps = np.minimum(np.ceil(attenuation * _STEPS) + np.sign(attenuation), _STEPS)
        steps = np.concatenate([self._steps, steps.astype(np.int64)])
        self._steps = steps[-self._latency_frames :]
        self._idle = not self._steps.any()
        if self._idle:
            self._released = 0.0
        window = self._latency_frames + 1
        sums = np.cumsum(np.concatenate([np.zeros(1, np.int64), steps]))
        average: NDArray[np.float64] = (sums[window:] - sums[:-window]) / (window * _STEPS)
        return 1.0 - average

    def _release(self, needs: NDArray[np.float64]) -> NDArray[np.float64]:
        """The larger of what is needed and what is left of before, frame by frame.

        y[n] = max(x[n], a y[n-1]) is a^n times the running maximum of x[n] / a^n. Segments keep
        1 / a^n from growing beyond bounds: e^128 for a release of 1 ms at 8 kHz.
        """
        released = np.empty_like(needs)
        done = 0
        while done < len(needs):
            phase = self._phase
            part = needs[done : done + _SEGMENT_FRAMES - phase]
            end = phase + len(part)
            scaled = part * self._rise[phase:end]
            scaled[0] = max(scaled[0], self._released)
            scaled = np.maximum.accumulate(scaled)
            released[done : done + len(part)] = scaled * self._fall[phase:end]
            done += len(part)
            self._released = float(scaled[-1])
            self._phase = end
            if end == _SEGMENT_FRAMES:
                self._released *= float(self._fall[end])
                self._phase = 0
        return released


def _float32_below(value: float) -> float:
    """The largest float32 that is not above `value`."""
    rounded = np.float32(value)
    if float(rounded) > value:
        rounded = np.nextafter(rounded, np.float32(0.0))
    return float(rounded)
