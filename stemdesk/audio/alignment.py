"""By how much one signal lags another, upside down or louder: one lag, sign and gain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.levels import db

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Alignment:
    """`signal[n]` is about `gain * target[n - lag_frames]`.

    Attributes:
        lag_frames: Positive where the signal arrives late.
        gain: Signed least-squares gain, 0.0 where one of the two is silent.
        misfit_energy: Sum of squares that is left of the target after the signal was shifted back
            and divided by the gain: what putting the signal right would leave.
        correlation: 0..1, how alike the two are at that lag; 0.0 where one is silent.
    """

    lag_frames: int
    gain: float
    misfit_energy: float
    correlation: float

    @property
    def polarity(self) -> int:
        """+1, or -1 where the signal is upside down."""
        return -1 if self.gain < 0.0 else 1

    @property
    def gain_db(self) -> float:
        """The gain's size in dB, -inf for silence."""
        return db(abs(self.gain))


def align(
    signal: NDArray[np.float64], target: NDArray[np.float64], max_lag_frames: int
) -> Alignment:
    """Finds the lag of the largest cross-correlation, then the gain by least squares.

    Args:
        signal: `[channels, frames]`.
        target: The same shape.
        max_lag_frames: Lags from minus to plus this many frames are tried.

    Returns:
        The alignment; channels share one lag and one gain.
    """
    frames = signal.shape[1]
    limit_frames = min(max_lag_frames, frames - 1)
    lag = _best_lag(signal, target, limit_frames)
    shifted, kept = _overlap(signal, target, lag)
    product = float(np.vdot(shifted, kept))
    target_energy = float(np.vdot(kept, kept))
    gain = product / target_energy if target_energy > 0.0 else 0.0
    corrected = shifted / gain if gain != 0.0 else np.zeros_like(shifted)
    energies = target_energy * float(np.vdot(shifted, shifted))
    correlation = min(1.0, abs(product) / math.sqrt(energies)) if energies > 0.0 else 0.0
    misfit_energy = float(np.sum(np.square(kept - corrected)))
    return Alignment(lag, gain, misfit_energy, correlation)


def _best_lag(signal: NDArray[np.float64], target: NDArray[np.float64], limit_frames: int) -> int:
    size = 1 << (signal.shape[1] + limit_frames).bit_length()
    correlation = np.zeros(size)
    for own, other in zip(signal, target, strict=True):
        spectrum = np.fft.rfft(own, size) * np.conj(np.fft.rfft(other, size))
        correlation += np.fft.irfft(spectrum, size)
    lags = np.concatenate([correlation[: limit_frames + 1], correlation[size - limit_frames :]])
    # Ties go to the smallest index, which is lag 0: silence has no lag.
    best = int(np.argmax(np.abs(lags)))
    return best if best <= limit_frames else best - lags.size


def _overlap(
    signal: NDArray[np.float64], target: NDArray[np.float64], lag_frames: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    frames = signal.shape[1]
    if lag_frames >= 0:
        return signal[:, lag_frames:], target[:, : frames - lag_frames]
    return signal[:, : frames + lag_frames], target[:, -lag_frames:]
