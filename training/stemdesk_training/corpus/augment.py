"""Cheap changes to stems while mixing: speed, tone, band limits, ducking, bus limiting."""

import numpy as np
import pedalboard as pb
import soxr
from numpy.typing import NDArray
from scipy import ndimage, signal

from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng, chance, mid_side, pick

_BLOCK = 441


def at_speed(excerpt: NDArray[np.int16], length: int) -> Audio:
    """int16 ``[any, 2]`` to float32 ``[2, length]`` by cubic interpolation; pitch moves along."""
    source = excerpt.shape[0]
    # Float first: soxr dithers integers, and silence would come out as noise.
    samples = excerpt.astype(np.float32)
    if source != length:
        samples = soxr.resample(samples, source, length, "QQ")
    moved = np.zeros((2, length), dtype=np.float32)
    count = min(length, samples.shape[0])
    moved[:, :count] = samples[:count].T
    moved *= np.float32(1 / 32768)
    return moved


def tone(rng: Rng, clip: Audio) -> Audio:
    """One random shelf or bell."""
    gain_db = float(np.clip(rng.normal(0, 4), -10, 10))
    kind = pick(rng, ("low", "high", "bell"))
    if kind == "low":
        plugin: pb.Plugin = pb.LowShelfFilter(float(rng.uniform(80, 500)), gain_db)
    elif kind == "high":
        plugin = pb.HighShelfFilter(float(rng.uniform(2000, 9000)), gain_db)
    else:
        centre_hz = float(np.exp(rng.uniform(np.log(150), np.log(6000))))
        plugin = pb.PeakFilter(centre_hz, gain_db, float(rng.uniform(0.4, 1.5)))
    return np.asarray(plugin(clip, RATE_HZ), dtype=np.float32)


def image(rng: Rng, clip: Audio) -> Audio:
    """Channel swap, polarity, narrowing, a small pan."""
    if chance(rng, 0.5):
        clip = clip[::-1]
    if chance(rng, 0.25):
        clip = mid_side(clip, float(rng.choice([0.0, rng.uniform(0, 1)])))
    sign = -1.0 if chance(rng, 0.5) else 1.0
    lean = float(np.clip(rng.normal(0, 0.1), -0.4, 0.4))
    gains = np.array([[1 - lean], [1 + lean]], dtype=np.float32) * np.float32(sign)
    return np.asarray(clip * gains, dtype=np.float32)


def drop_out(rng: Rng, stem: Audio) -> None:
    """Hard silence in place, before or after a moment: a muted track, a break, an entry."""
    length = stem.shape[1]
    edge = min(132, length // 4)
    at = int(rng.integers(edge, max(edge + 1, length - edge)))
    ramp = np.linspace(1, 0, edge, dtype=np.float32)
    if chance(rng, 0.5):
        stem[:, at : at + edge] *= ramp[: length - at]
        stem[:, at + edge :] = 0
    else:
        stem[:, at - edge : at] *= ramp[::-1]
        stem[:, : at - edge] = 0


def band_limit(stems: NDArray[np.float32], cutoff_hz: float) -> None:
    """Steep low-pass over all stems alike, in place, as lossy encoders and old samplers do."""
    sos = signal.ellip(8, 0.1, 60, cutoff_hz, fs=RATE_HZ, output="sos").astype(np.float32)
    for stem in stems:
        stem[:] = signal.sosfilt(sos, stem, axis=-1)


def make_room(stem: Audio, cutoff_hz: float) -> None:
    """High-pass a stem in place, as is done to kicks and pads where a bass owns the low end."""
    sos = signal.butter(4, cutoff_hz, "highpass", fs=RATE_HZ, output="sos").astype(np.float32)
    stem[:] = signal.sosfilt(sos, stem, axis=-1)


def _per_frame(values: NDArray[np.floating], length: int) -> NDArray[np.float32]:
    """Linear interpolation of one value per block to one per frame."""
    centres = (np.arange(len(values)) + 0.5) * _BLOCK
    return np.asarray(np.interp(np.arange(length), centres, values), dtype=np.float32)


def _block_peaks(clip: NDArray[np.float32]) -> NDArray[np.float32]:
    count = -(-clip.shape[-1] // _BLOCK)
    padded = np.pad(np.abs(clip), ((0, 0), (0, count * _BLOCK - clip.shape[-1])))
    return np.asarray(padded.reshape(clip.shape[0], count, _BLOCK).max(axis=(0, 2)))


def ducking(rng: Rng, drums: Audio) -> NDArray[np.float32]:
    """Gain per frame that dips after drum hits, as a side-chained compressor gives."""
    level = _block_peaks(drums)
    top = float(level.max(initial=0.0))
    if top < 1e-3:
        return np.ones(drums.shape[1], dtype=np.float32)
    fall = float(np.exp(-0.01 / rng.uniform(0.05, 0.25)))
    held = np.empty_like(level)
    state = 0.0
    for index, value in enumerate(np.where(level > 0.5 * top, level / top, 0.0)):
        state = max(float(value), state * fall)
        held[index] = state
    return _per_frame(1 - rng.uniform(0.3, 0.95) * held, drums.shape[1])


def bus_gain(mixture: Audio, ceiling: float) -> NDArray[np.float32]:
    """Limiter gain per frame for a mixture; applied to all stems it keeps their sum."""
    peaks = ndimage.maximum_filter1d(_block_peaks(mixture), 5)
    gain = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-6))
    return _per_frame(ndimage.uniform_filter1d(gain, 3, mode="nearest"), mixture.shape[1])
