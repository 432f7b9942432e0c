"""True peak in dBTP after ITU-R BS.1770-4 annex 2: the peak between the samples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stemdesk.audio.levels import db

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TAPS = 48
_KAISER_BETA = 5.0
_ROW_FRAMES = 16
_PIECE_FRAMES = 8192
_HISTORY_FRAMES = _TAPS - 1


def oversampling(sample_rate: int) -> int:
    """How many points per frame are looked at.

    Twice what the standard asks for as a minimum. Between the points of an 8-fold grid a sine at
    20 kHz in 44.1 kHz hides 0.14 dB of its peak, where a 4-fold one hides 0.56 dB.
    """
    if sample_rate < 96_000:
        return 8
    return 4 if sample_rate < 192_000 else 2


class TruePeakMeter:
    """Holds the true peak of a stream, whatever its blocks.

    Interpolates with a polyphase FIR: a sinc under a Kaiser window, 48 taps a phase, flat to
    0.01 dB up to 0.45 of the sample rate. The samples themselves count as well, so a reading is
    never below the sample peak. Interpolated points count when the 24 frames after them are
    known. A sample that is not a finite number counts as 0.

    Args:
        sample_rate: Hz.
        channels: Number of channels.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._interpolation = _interpolation(oversampling(sample_rate))
        self.reset()

    def reset(self) -> None:
        """Starts again, as if nothing had been pushed."""
        self._peaks = np.zeros(self._channels)
        self._rest = np.zeros((self._channels, _HISTORY_FRAMES), np.float32)

    @property
    def peaks_dbtp(self) -> tuple[float, ...]:
        """The highest true peak of each channel so far, dB re full scale; -inf for silence."""
        return tuple(db(float(peak)) for peak in self._peaks)

    @property
    def max_dbtp(self) -> float:
        """The highest true peak of all channels so far; -inf for silence."""
        return max(self.peaks_dbtp, default=-math.inf)

    def push(self, block: NDArray[np.floating[Any]]) -> None:
        """Takes the next block `[channels, n]`, nominal +-1.0.

        Raises:
            ValueError: The block has another number of channels.
        """
        if block.ndim != 2 or block.shape[0] != self._channels:
            raise ValueError(f"a block of shape {block.shape} for {self._channels} channels")
        for start in range(0, block.shape[1], _PIECE_FRAMES):
            self._push_piece(block[:, start : start + _PIECE_FRAMES])

    def finish(self) -> None:
        """Counts what rings between and after the last frames; silence follows them."""
        self._push_piece(np.zeros((self._channels, _TAPS + _ROW_FRAMES), np.float32))

    def _push_piece(self, piece: NDArray[np.floating[Any]]) -> None:
        with np.errstate(over="ignore"):
            piece = np.asarray(piece, dtype=np.float32)
        peaks = np.abs(piece).max(axis=1)
        if not np.isfinite(peaks).all():
            piece = np.where(np.isfinite(piece), piece, np.float32(0.0))
            peaks = np.abs(piece).max(axis=1)
        joined = np.concatenate([self._rest, piece], axis=1)
        rows = (joined.shape[1] - _HISTORY_FRAMES) // _ROW_FRAMES
        self._rest = joined[:, rows * _ROW_FRAMES :]
        if rows:
            peaks = np.maximum(peaks, self._between(joined, rows))
        self._peaks = np.maximum(self._peaks, peaks)

    def _between(self, samples: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
        """Highest magnitude between the samples `[channels]`, 16 frames a row of the product."""
        width = _HISTORY_FRAMES + _ROW_FRAMES
        windows = np.lib.stride_tricks.sliding_window_view(samples, width, axis=1)
        windows = windows[:, : rows * _ROW_FRAMES : _ROW_FRAMES]
        points = windows.reshape(-1, width) @ self._interpolation
        points = points.reshape(self._channels, -1)
        highest: NDArray[np.float32] = np.maximum(points.max(axis=1), -points.min(axis=1))
        return highest


def _interpolation(factor: int) -> NDArray[np.float32]:
    """The filter as a matrix `[47 + 16, 16 * (factor - 1)]`.

    Row by row it meets 63 samples; column by column it gives the points between sample 23 + i and
    the one after it, for i from 0 to 15. As one matrix product it is thirty times faster than
    `scipy.signal.upfirdn`.
    """
    before = _TAPS // 2 - 1
    matrix = np.zeros((_HISTORY_FRAMES + _ROW_FRAMES, _ROW_FRAMES, factor - 1))
    for phase in range(1, factor):
        distance = np.arange(-before, _TAPS // 2 + 1) - phase / factor
        window = np.i0(_KAISER_BETA * np.sqrt(1.0 - (distance / (_TAPS / 2)) ** 2))
        taps = np.sinc(distance) * window
        for frame in range(_ROW_FRAMES):
            matrix[frame : frame + _TAPS, frame, phase - 1] = taps / taps.sum()
    return matrix.reshape(len(matrix), -1).astype(np.float32)


def true_peak_dbtp(samples: NDArray[np.floating[Any]], sample_rate: int) -> float:
    """True peak of `samples` `[channels, frames]` in dBTP; -inf for silence or no samples."""
    meter = TruePeakMeter(sample_rate, samples.shape[0])
    meter.push(samples)
    meter.finish()
    return meter.max_dbtp
