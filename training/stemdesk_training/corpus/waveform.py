"""Small operations on waveforms: float32 arrays ``[2, frames]`` at 44.1 kHz."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import soxr
from numpy.typing import NDArray

RATE_HZ = 44_100
STEMS = ("vocals", "drums", "bass", "other")

Audio = NDArray[np.float32]
Rng = np.random.Generator

T = TypeVar("T")


def hz(midi: float) -> float:
    """Frequency in Hz of a MIDI pitch (69 is 440 Hz)."""
    return float(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


def db(level_db: float) -> float:
    """Amplitude factor of a level in decibels."""
    return float(10.0 ** (level_db / 20.0))


def frames(seconds: float) -> int:
    """Whole frames in a duration in seconds."""
    return max(0, round(seconds * RATE_HZ))


def silence(seconds: float) -> Audio:
    """Zeros ``[2, frames]``."""
    return np.zeros((2, frames(seconds)), dtype=np.float32)


def pan(mono: NDArray[np.floating], position: float = 0.0) -> Audio:
    """Place a mono waveform ``[frames]`` at ``position`` (-1 left, 1 right), constant power."""
    angle = (position + 1.0) * np.pi / 4.0
    gains = np.array([[np.cos(angle)], [np.sin(angle)]], dtype=np.float32) * np.float32(2**0.5)
    return np.asarray(mono, dtype=np.float32)[None, :] * gains


def add_at(out: Audio, clip: NDArray[np.floating], start: int, gain: float = 1.0) -> None:
    """Add ``clip`` into ``out`` from frame ``start``, cutting what lies outside."""
    begin = max(start, 0)
    end = min(start + clip.shape[-1], out.shape[-1])
    if end > begin:
        out[..., begin:end] += clip[..., begin - start : end - start] * np.float32(gain)


def fade(clip: Audio, attack_seconds: float, release_seconds: float) -> Audio:
    """Raised-cosine edges, so that a cut sample does not click."""
    result = clip.copy()
    length = result.shape[-1]
    for seconds, side in ((attack_seconds, 0), (release_seconds, 1)):
        count = min(frames(seconds), length // 2)
        if count < 1:
            continue
        ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)).astype(np.float32)
        if side == 0:
            result[..., :count] *= ramp
        else:
            result[..., length - count :] *= ramp[::-1]
    return result


def change_speed(clip: Audio, ratio: float) -> Audio:
    """Play ``clip`` ``ratio`` times as fast (pitch moves with it)."""
    if abs(ratio - 1.0) < 1e-4 or clip.shape[-1] < 8:
        return clip
    moved = soxr.resample(clip.T, RATE_HZ * ratio, RATE_HZ, "MQ")
    return np.ascontiguousarray(np.asarray(moved, dtype=np.float32).T)


def active_rms(clip: Audio) -> float:
    """RMS of the louder half of 50 ms blocks: the level while something sounds."""
    block = frames(0.05)
    count = clip.shape[-1] // block
    if count == 0:
        return float(np.sqrt(np.mean(np.square(clip)) + 1e-12))
    power = np.mean(np.square(clip[..., : count * block].reshape(-1, count, block)), axis=(0, 2))
    loud = np.sort(power)[count // 2 :]
    return float(np.sqrt(np.mean(loud) + 1e-12))


def level_to(clip: Audio, rms_db: float, peak: float = 0.89) -> Audio:
    """Scale to an active RMS in dBFS, no sample beyond ``peak``; silence stays silence."""
    rms = active_rms(clip)
    top = float(np.max(np.abs(clip), initial=0.0))
    if top < 1e-4:
        return np.zeros_like(clip)
    return clip * np.float32(min(db(rms_db) / rms, peak / top))


def fit(clip: Audio, seconds: float) -> Audio:
    """Cut or pad with zeros to a duration."""
    length = frames(seconds)
    if clip.shape[-1] >= length:
        return np.ascontiguousarray(clip[..., :length])
    return np.pad(clip, ((0, 0), (0, length - clip.shape[-1])))


def mid_side(clip: Audio, width: float) -> Audio:
    """Scale the side signal: 0 is mono, 1 leaves the clip as it is."""
    mid = 0.5 * (clip[0] + clip[1])
    side = 0.5 * (clip[0] - clip[1]) * np.float32(width)
    return np.stack([mid + side, mid - side])


def chance(rng: Rng, probability: float) -> bool:
    """True with the given probability."""
    return bool(rng.random() < probability)


def pick(rng: Rng, items: Sequence[T]) -> T:
    """One item, drawn evenly."""
    return items[int(rng.integers(len(items)))]


def weighted(rng: Rng, items: Sequence[tuple[T, float]]) -> T:
    """One item drawn by weight from ``(item, weight)`` pairs."""
    weights = np.array([weight for _, weight in items])
    return items[int(rng.choice(len(items), p=weights / weights.sum()))][0]
