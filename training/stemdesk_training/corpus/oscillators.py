"""Synthesiser parts: band-limited oscillators, envelopes, swept filters."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng

Mono = NDArray[np.float32]


def saw(frequency_hz: NDArray[np.floating] | float, length: int, phase: float = 0.0) -> Mono:
    """Sawtooth ``[length]`` smoothed by a polynomial step (polyBLEP) against aliases."""
    step = np.broadcast_to(np.asarray(frequency_hz, dtype=np.float64) / RATE_HZ, (length,))
    position = (phase + np.cumsum(step)) % 1.0
    wave = 2.0 * position - 1.0
    early = position < step
    late = position > 1.0 - step
    ratio = position[early] / step[early]
    wave[early] -= 2.0 * ratio - ratio * ratio - 1.0
    ratio = (position[late] - 1.0) / step[late]
    wave[late] -= ratio * ratio + 2.0 * ratio + 1.0
    return wave.astype(np.float32)


def square(
    frequency_hz: NDArray[np.floating] | float, length: int, width: float = 0.5, phase: float = 0.0
) -> Mono:
    """Pulse wave ``[length]`` as the difference of two sawtooths."""
    first = saw(frequency_hz, length, phase)
    return 0.5 * (first - saw(frequency_hz, length, phase + width))


def sine(frequency_hz: NDArray[np.floating] | float, length: int, phase: float = 0.0) -> Mono:
    """Sine ``[length]``; the frequency may vary per frame."""
    step = np.broadcast_to(np.asarray(frequency_hz, dtype=np.float64) / RATE_HZ, (length,))
    return np.sin(2 * np.pi * (phase + np.cumsum(step))).astype(np.float32)


def seconds_axis(length: int) -> Mono:
    """Time of each frame in seconds."""
    return (np.arange(length) / RATE_HZ).astype(np.float32)


def adsr(length: int, times: tuple[float, float, float], sustain: float) -> Mono:
    """Envelope ``[length]``: attack, decay, release in seconds; release ends at the last frame."""
    attack, decay, release = times
    now = seconds_axis(length)
    total = length / RATE_HZ
    rise = np.minimum(1.0, now / max(attack, 1e-3))
    fall = sustain + (1 - sustain) * np.exp(-np.maximum(0.0, now - attack) / max(decay, 1e-3))
    end = np.clip((total - now) / max(release, 2e-3), 0.0, 1.0)
    return np.asarray(rise * fall * end, dtype=np.float32)


def lowpass(wave: NDArray[np.floating], cutoff_hz: float, order: int = 2) -> Mono:
    """Butterworth low-pass along the last axis."""
    cutoff = min(cutoff_hz, 0.45 * RATE_HZ)
    sos = signal.butter(order, cutoff, fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfilt(sos, wave, axis=-1), dtype=np.float32)


def highpass(wave: NDArray[np.floating], cutoff_hz: float, order: int = 2) -> Mono:
    """Butterworth high-pass along the last axis."""
    sos = signal.butter(order, cutoff_hz, "highpass", fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfilt(sos, wave, axis=-1), dtype=np.float32)


def bandpass(wave: NDArray[np.floating], low_hz: float, high_hz: float) -> Mono:
    """Butterworth band-pass along the last axis."""
    high = min(high_hz, 0.45 * RATE_HZ)
    sos = signal.butter(1, (min(low_hz, 0.9 * high), high), "bandpass", fs=RATE_HZ, output="sos")
    return np.asarray(signal.sosfilt(sos, wave, axis=-1), dtype=np.float32)


def sweep(wave: NDArray[np.floating], control: Mono, low_hz: float, high_hz: float) -> Mono:
    """Low-pass whose cutoff follows ``control`` (0 low, 1 high).

    Three fixed filters are cross-faded: ten times cheaper than a filter per frame.
    """
    middle_hz = float(np.sqrt(low_hz * high_hz))
    dark, mid, bright = (lowpass(wave, edge) for edge in (low_hz, middle_hz, high_hz))
    upper = np.clip(2 * control - 1, 0, 1)
    lower = np.clip(1 - 2 * control, 0, 1)
    mixed = dark * lower + mid * (1 - lower - upper) + bright * upper
    return np.asarray(mixed, dtype=np.float32)


def noise(rng: Rng, length: int) -> Mono:
    """White noise, unit variance."""
    return rng.standard_normal(length, dtype=np.float32)


def stereo_noise(rng: Rng, length: int) -> Audio:
    """White noise ``[2, length]``, channels independent."""
    return rng.standard_normal((2, length), dtype=np.float32)
