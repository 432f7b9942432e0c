"""How two signals lie to each other: lag, likeness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.fft import rfftfreq

from stemdesk_training.phase_correlation import peak, phase_correlation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Signal = NDArray[np.float32]

BLOCK_SECONDS = 1.0
SILENT_RMS = 1e-4


def likeness(mix: Signal, instrumental: Signal, lag: int, sample_rate: int) -> float:
    """Mean over the mix's seconds of how alike both are at some lag, 0 to 1.

    Args:
        mix: mono `[frames]`.
        instrumental: mono `[any]`.
        lag: in frames, of the instrumental.
        sample_rate: Hz.
    """
    block = round(BLOCK_SECONDS * sample_rate)
    count = max(1, len(mix) // block)
    shape = (count, min(block, len(mix)))
    part = mix[: shape[0] * shape[1]].reshape(shape).astype(np.float64)
    beneath = stretch_of(instrumental, lag, part.size).reshape(shape).astype(np.float64)
    product = np.abs((part * beneath).sum(axis=1))
    powers = np.square(part).sum(axis=1) * np.square(beneath).sum(axis=1)
    return float(np.mean(product / np.sqrt(powers + 1e-12)))


def stretch_of(signal: Signal, first: int, length: int) -> Signal:
    """A stretch of a signal, with silence before its start and after its end."""
    part = signal[max(0, first) : max(0, first + length)]
    before = min(length, max(0, -first))
    return np.pad(part, (before, length - before - len(part)))


def find_lag(
    mix: Signal, instrumental: Signal, stretch: tuple[int, int], around: int, limit: int
) -> tuple[float, float]:
    """Lag of the instrumental in frames, to a fraction of one, and how sure it is.

    Args:
        mix: mono `[frames]`.
        instrumental: mono `[any]`.
        stretch: of the mix, first frame and length.
        around: which lag.
        limit: how far from there at most.

    Returns:
        The lag, and the height of the correlation's peak over its median; 0 for silence.
    """
    start, length = stretch
    part = mix[start : start + length]
    some = stretch_of(instrumental, start + around - limit, length + 2 * limit)
    if _rms(part) < SILENT_RMS or _rms(some) < SILENT_RMS:
        return float(around), 0.0
    correlated = phase_correlation(some, part)
    best, sureness = peak(correlated.values[: 2 * limit + 1])
    rest = _rest(correlated.product, len(correlated.values), best)
    return around - limit + best + rest, sureness


def _rest(product: NDArray[np.complex64], size: int, lag: int) -> float:
    """What a lag is beside its whole frames: the slope of the cross-spectrum's phase."""
    angular = 2 * np.pi * rfftfreq(size)
    turned = product * np.exp(1j * angular * lag)
    # Upside down, all phases are off by half a turn.
    phase = np.angle(turned * np.sign(turned.real.sum() or 1.0))
    weight = np.abs(turned) * angular
    return float(np.clip(-np.dot(weight, phase) / (np.dot(weight, angular) + 1e-12), -0.5, 0.5))


def _rms(signal: Signal) -> float:
    return float(np.sqrt(np.mean(np.square(signal, dtype=np.float64)))) if signal.size else 0.0
