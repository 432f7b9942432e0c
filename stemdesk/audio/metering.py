"""Level meters of a mixer's strip: peak, hold, RMS, clip lamp and phase correlation."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.audio.cells import CELLS_PER_SECOND, CellGrid, cell_means
from stemdesk.audio.levels import db, from_db
from stemdesk.audio.sliding import sliding

if TYPE_CHECKING:
    from numpy.typing import NDArray

RMS_WINDOW_MS = 300
HOLD_SECONDS = 1.5
FALL_DB_PER_SECOND = 20.0
CLIP_RUN_FRAMES = 3
FULL_SCALE = 1.0 - 2.0**-15
"""The highest positive value of 16 bits: where a converter or a 16-bit file can go no further."""

_WINDOW_CELLS = RMS_WINDOW_MS * CELLS_PER_SECOND // 1000
_HOLD_CELLS = round(HOLD_SECONDS * CELLS_PER_SECOND)
_FALL = from_db(-FALL_DB_PER_SECOND / CELLS_PER_SECOND)
_DARK = from_db(-180.0)
_SILENT_POWER = 1e-12


@dataclass(frozen=True)
class Levels:
    """What a strip's meter shows; dB re full scale (1.0), -inf for silence.

    Attributes:
        peak_db: of each channel: jumps to the sample peak, falls by 20 dB a second.
        hold_db: of each channel: the highest peak, kept for 1.5 s, then falling like it.
        rms_db: of each channel over the last 300 ms; a full-scale sine reads -3.01 dB.
        clipped: of each channel: a sample beyond +-1.0, three full-scale samples in a row or one
            that is no number, since the start or the last `clear`.
        correlation: of the first two channels over the last 300 ms: 1 for mono, 0 for unrelated
            sound, -1 for opposite polarity. 0.0 if either is below -120 dB, where there is
            nothing to compare; 1.0 for a sounding strip of one channel.
    """

    peak_db: tuple[float, ...]
    hold_db: tuple[float, ...]
    rms_db: tuple[float, ...]
    clipped: tuple[bool, ...]
    correlation: float


class LevelMeter:
    """Follows a stream in cells of 10 ms, so the blocks' lengths do not matter.

    One thread may push while another reads and clears.

    Args:
        sample_rate: Hz.
        channels: Number of channels.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._sample_rate = sample_rate
        self._channels = channels
        self._lock = threading.Lock()
        self._clipped = np.zeros(channels, np.bool_)
        self.reset()

    def reset(self) -> None:
        """Forgets all sound, as after a seek; the clip lamps stay lit."""
        with self._lock:
            self._grid = CellGrid(self._sample_rate, self._channels)
            self._powers = np.zeros((self._channels + 1, _WINDOW_CELLS))
            self._peak = np.zeros(self._channels)
            self._hold = np.zeros(self._channels)
            self._held_cells = np.zeros(self._channels, np.intp)
            self._full_before = np.zeros((self._channels, CLIP_RUN_FRAMES - 1), np.bool_)

    def clear(self) -> None:
        """Puts out the clip lamps and lets the held peaks go."""
        with self._lock:
            self._clipped = np.zeros(self._channels, np.bool_)
            self._hold = self._peak.copy()
            self._held_cells = np.zeros(self._channels, np.intp)

    def read(self) -> Levels:
        """What the meter shows now."""
        with self._lock:
            powers = self._powers.mean(axis=1)
            return Levels(
                peak_db=tuple(db(float(peak)) for peak in self._peak),
                hold_db=tuple(db(float(peak)) for peak in self._hold),
                rms_db=tuple(db(math.sqrt(power)) for power in powers[:-1]),
                clipped=tuple(bool(lit) for lit in self._clipped),
                correlation=_correlation(powers),
            )

    def push(self, block: NDArray[np.floating[Any]]) -> None:
        """Takes the next block `[channels, n]`, nominal +-1.0; numbers that are none count as 0.

        Raises:
            ValueError: The block has another number of channels.
        """
        if block.ndim != 2 or block.shape[0] != self._channels:
            raise ValueError(f"a block of shape {block.shape} for {self._channels} channels")
        if not block.shape[1]:
            return
        with self._lock:
            magnitudes = np.abs(block)
            highest = magnitudes.max(axis=1)
            self._light_lamps(magnitudes, highest)
            if not np.isfinite(highest).all():
                block = np.where(np.isfinite(block), block, 0.0)
            self._follow(*self._grid.push(block))

    def _light_lamps(
        self, magnitudes: NDArray[np.floating[Any]], highest: NDArray[np.floating[Any]]
    ) -> None:
        if (highest < FULL_SCALE).all():
            self._full_before = np.zeros_like(self._full_before)
            return
        full = np.concatenate([self._full_before, magnitudes >= FULL_SCALE], axis=1)
        runs = sliding(np.logical_and, full, CLIP_RUN_FRAMES)
        self._full_before = full[:, 1 - CLIP_RUN_FRAMES :]
        # A comparison that a number which is none fails, too.
        self._clipped = self._clipped | runs.any(axis=1) | ~(highest <= 1.0)

    def _follow(
        self,
        samples: NDArray[np.float64],
        starts: NDArray[np.intp],
        frames: NDArray[np.intp],
    ) -> None:
        """Moves the meters on by whole cells."""
        if not len(starts):
            return
        first_two = samples[0] * samples[min(1, self._channels - 1)]
        squares = np.concatenate([np.square(samples), first_two[None]])
        powers = cell_means(squares, starts, frames)
        self._powers = np.concatenate([self._powers, powers], axis=1)[:, -_WINDOW_CELLS:]
        for peaks in np.maximum.reduceat(np.abs(samples), starts, axis=1).T:
            self._peak = _fallen(self._peak, peaks)
            higher = peaks >= self._hold
            self._held_cells = np.where(higher, 0, self._held_cells + 1)
            falling = self._held_cells > _HOLD_CELLS
            self._hold = np.where(
                falling, _fallen(self._hold, peaks), np.maximum(self._hold, peaks)
            )


def _fallen(levels: NDArray[np.float64], peaks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels one cell later."""
    levels = np.maximum(levels * _FALL, peaks)
    return np.where(levels < _DARK, 0.0, levels)


def _correlation(powers: NDArray[np.float64]) -> float:
    """From the mean squares of the channels, and after them the mean product of the first two."""
    left, right = float(powers[0]), float(powers[min(1, len(powers) - 2)])
    if min(left, right) < _SILENT_POWER:
        return 0.0
    return max(-1.0, min(1.0, float(powers[-1]) / math.sqrt(left * right)))
