"""Synthesiser parts: band-limited oscillators, envelopes, swept filters."""

import numpy as np
import pedalboard as pb
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


_LADDER_BLOCK = 384


def ladder(clip: Audio, cutoff_hz: Mono, resonance: float, drive: float) -> Audio:
    """Resonant 24 dB low-pass (Moog's ladder) whose cutoff follows a curve of one per frame."""
    plugin = pb.LadderFilter(
        pb.LadderFilter.Mode.LPF24, cutoff_hz=1000.0, resonance=resonance, drive=drive
    )
    out = np.empty_like(clip)
    for begin in range(0, clip.shape[1], _LADDER_BLOCK):
        plugin.cutoff_hz = float(np.clip(cutoff_hz[begin], 30.0, 18_000.0))
        block = clip[:, begin : begin + _LADDER_BLOCK]
        # Two channels of a few frames could be read as frames of two channels.
        wide = np.pad(block, ((0, 0), (0, max(0, 8 - block.shape[1]))))
        made = plugin.process(wide, RATE_HZ, reset=False)
        out[:, begin : begin + _LADDER_BLOCK] = made[:, : block.shape[1]]
    return out


def cycles(rng: Rng, count: int) -> NDArray[np.float64]:
    """Spectra of ``count`` single cycles ``[count, 64]``: harmonics' complex amplitudes."""
    number = np.arange(1, 65)
    slope = rng.uniform(0.6, 2.0, (count, 1))
    shape = rng.exponential(1.0, (count, 64)) * number**-slope
    comb = rng.random((count, 64)) < rng.uniform(0.3, 1.0, (count, 1))
    return np.asarray(shape * np.where(number == 1, 1, comb), dtype=np.float64)


def wavetable(pitch_hz: float, spectra: NDArray[np.float64], place: Mono, phase: float) -> Mono:
    """Scan through cycles, ``place`` from 0 to 1 per frame; harmonics end below 20 kHz."""
    kept = min(64, int(20_000 / pitch_hz))
    numbers = np.arange(1, kept + 1)
    turn = 2 * np.pi * numbers[:, None] * np.arange(2048) / 2048
    # Fixed phases, so that neighbours morph without beating.
    tables = spectra[:, :kept] @ np.sin(turn + 0.7 * numbers[:, None] ** 2)
    tables /= np.max(np.abs(tables), axis=1, keepdims=True) + 1e-9
    index = ((phase + np.arange(len(place)) * pitch_hz / RATE_HZ) % 1.0 * 2048).astype(np.int64)
    where = np.clip(place, 0, 1) * (len(tables) - 1.001)
    lower = where.astype(np.int64)
    share = where - lower
    upper = np.minimum(lower + 1, len(tables) - 1)
    wave = tables[lower, index] * (1 - share) + tables[upper, index] * share
    return np.asarray(wave, dtype=np.float32)


def plucked(rng: Rng, pitch_hz: float, length: int, brightness: float) -> Mono:
    """A string by Karplus and Strong (1983): a burst of noise in a loop that averages.

    ``brightness`` 0..1 sets how slowly it dulls.
    """
    period = max(4, round(RATE_HZ / pitch_hz))
    ring = lowpass(noise(rng, period), 1500 + 12_000 * brightness).astype(np.float64)
    ring -= ring.mean()
    keep = 0.5 + 0.5 * (0.3 + 0.65 * brightness)
    loss = 0.001 ** (period / RATE_HZ / (0.8 + 3 * brightness))
    rows = []
    for _ in range(length // period + 2):
        rows.append(ring)
        ring = loss * (keep * ring + (1 - keep) * np.roll(ring, 1))
    wave = np.concatenate(rows)
    # The loop holds whole frames and delays by part of one; reading it at another speed tunes it.
    native = RATE_HZ / (period + (1 - keep))
    at = np.arange(length) * (pitch_hz / native)
    played = np.interp(np.minimum(at, len(wave) - 1), np.arange(len(wave)), wave)
    return np.asarray(played / (np.max(np.abs(played)) + 1e-9), dtype=np.float32)


def noise(rng: Rng, length: int) -> Mono:
    """White noise, unit variance."""
    return rng.standard_normal(length, dtype=np.float32)


def stereo_noise(rng: Rng, length: int) -> Audio:
    """White noise ``[2, length]``, channels independent."""
    return rng.standard_normal((2, length), dtype=np.float32)
