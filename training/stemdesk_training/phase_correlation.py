"""Where one sound lies in another: phase correlation, GCC-PHAT (Knapp and Carter 1976)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Signal = NDArray[np.float32]

FLOOR = 1e-6  # of the largest bin: below it phases are noise


class PhaseCorrelation(NamedTuple):
    """Two signals against each other.

    Attributes:
        values: ``[size]``; at ``lag`` (from the end where negative), how well ``part[n]`` fits
            ``signal[n + lag]``; below 0 where one of them is upside down.
        product: cross-spectrum ``[size // 2 + 1]``, before the phase transform.
    """

    values: NDArray[np.float32]
    product: NDArray[np.complex64]


def phase_correlation(signal: Signal, part: Signal) -> PhaseCorrelation:
    """Correlate two mono signals ``[any]``, neither of them empty or silent."""
    size = next_fast_len(len(signal) + len(part), real=True)
    product = rfft(signal, size) * np.conj(rfft(part, size))
    magnitude = np.abs(product)
    values = irfft(product / (magnitude + FLOOR * magnitude.max()), size)
    return PhaseCorrelation(values, product)


def peak(values: NDArray[np.float32]) -> tuple[int, float]:
    """Index of the largest magnitude, and how sure it is: its height over the median's."""
    heights = np.abs(values)
    best = int(np.argmax(heights))
    return best, float(heights[best] / (np.median(heights) + 1e-12))
