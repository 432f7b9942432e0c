"""Levels in decibels: amplitude ratios, peaks and root mean squares re full scale (1.0)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def db(ratio: float) -> float:
    """An amplitude ratio in dB (20 log10); -inf for zero.

    Raises:
        ValueError: The ratio is negative.
    """
    return 20.0 * math.log10(ratio) if ratio != 0.0 else -math.inf


def from_db(level_db: float) -> float:
    """The amplitude ratio of a level in dB; 0.0 for -inf."""
    return float(10.0 ** (level_db / 20.0))


def peak_db(samples: NDArray[np.floating[Any]]) -> float:
    """The largest absolute sample in dBFS, over all channels; -inf for silence or no samples."""
    return db(float(np.max(np.abs(samples), initial=0.0)))


def rms_db(samples: NDArray[np.floating[Any]]) -> float:
    """The root mean square over all channels in dBFS: a full-scale sine reads -3.01 dB."""
    if samples.size == 0:
        return -math.inf
    return db(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))
