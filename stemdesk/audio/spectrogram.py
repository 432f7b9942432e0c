"""The spectrogram as a picture: frequencies on a logarithmic scale, a few analyses a column."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Protocol

import numpy as np
import scipy.fft

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST_HZ = 30.0
HIGHEST_HZ = 20_000.0
WINDOW_SECONDS = 0.046  # 2048 frames at 44.1 kHz: semitones part from about 400 Hz up
RANGE_DB = 90.0
LOOKS = 4  # analyses a pixel column at most; what is shorter than their distance may be missed
BATCH_COLUMNS = 128


class Readable(Protocol):
    """Sound that can be read anywhere."""

    sample_rate: int
    channels: int
    frames: int

    def read_at(self, frame: int, frames: int) -> NDArray[np.float32]:
        """float32 `[channels, frames]`; zeros outside."""


def picture(
    source: Readable, first_frame: float, end_frame: float, width: int, height: int
) -> NDArray[np.uint8]:
    """A stretch of sound as brightness, uint8 `[height, width]`, high frequencies first.

    255 is a sine at full scale, 0 is 90 dB less. A pixel shows the strongest of its bins and
    moments; where rows are finer than bins, neighbours are joined by straight lines in dB.
    """
    size = scipy.fft.next_fast_len(round(WINDOW_SECONDS * source.sample_rate), real=True)
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    window *= 2.0 / window.sum()
    per_column = (end_frame - first_frame) / width
    looks = int(np.clip(np.ceil(2 * per_column / size), 1, LOOKS))
    centres = np.linspace(first_frame, end_frame, 2 * width * looks + 1)[1::2]
    starts = np.rint(centres).astype(np.int64) - size // 2
    rows = _row_edges(height, source.sample_rate, size)
    out = np.empty((height, width), np.uint8)
    for begin in range(0, width, BATCH_COLUMNS):
        some = starts[begin * looks : (begin + BATCH_COLUMNS) * looks]
        power = _powers(source, some, window)
        power = power.reshape(-1, looks, power.shape[1]).max(axis=1)
        level_db = 10 * np.log10(np.maximum(_in_rows(power, rows), 1e-20))
        scaled = np.clip(1 + level_db / RANGE_DB, 0, 1) * 255
        out[:, begin : begin + len(power)] = np.rint(scaled).astype(np.uint8).T
    return out


def _powers(
    source: Readable, starts: NDArray[np.int64], window: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Power spectra `[columns, bins]`, the mean of the channels."""
    size = len(window)
    apart = int(starts[1] - starts[0]) if len(starts) > 1 else 0
    if 0 <= apart <= 4 * size:  # cheaper to read at one go
        whole = source.read_at(int(starts[0]), int(starts[-1] - starts[0]) + size)
        blocks = np.stack([whole[:, first - starts[0] :][:, :size] for first in starts])
    else:
        blocks = np.stack([source.read_at(int(first), size) for first in starts])
    spectra = scipy.fft.rfft(blocks * window, axis=-1)
    power: NDArray[np.float32] = (np.square(spectra.real) + np.square(spectra.imag)).mean(axis=1)
    return power


def _row_edges(height: int, sample_rate: int, size: int) -> NDArray[np.float64]:
    """Bin numbers, not whole, at the edges of the rows, from the top down."""
    top = min(HIGHEST_HZ, sample_rate / 2)
    edges = np.geomspace(top, min(LOWEST_HZ, top / 2), height + 1)
    bins: NDArray[np.float64] = edges * size / sample_rate
    return bins


def _in_rows(power: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """`[columns, rows]`: the greatest bin of each row, or between bins what lies there."""
    bins = power.shape[1]
    middles = np.sqrt(edges[:-1] * edges[1:])
    below = np.clip(np.floor(middles).astype(int), 0, bins - 2)
    share = np.clip(middles - below, 0, 1)
    level = np.log(np.maximum(power, 1e-20))
    rows: NDArray[np.float64] = np.exp(level[:, below] * (1 - share) + level[:, below + 1] * share)
    for row, (high, low) in enumerate(itertools.pairwise(edges)):
        first, end = int(np.ceil(low)), min(bins, int(np.ceil(high)))
        if end > first:
            rows[:, row] = np.maximum(rows[:, row], power[:, first:end].max(axis=1))
    return rows
