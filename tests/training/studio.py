"""A made-up studio: songs in four stems, and every way to spoil them."""

from __future__ import annotations

import numpy as np
import soundfile
from scipy import signal

RATE = 44_100
SECONDS = 8
STEMS = ("vocals", "drums", "bass", "other")


def make_song(seed, seconds=SECONDS, rate=RATE):
    """Stem -> float64 `[2, frames]`; a voice-like glide, hits, a low line and chords."""
    rng = np.random.default_rng(seed)
    frames = round(seconds * rate)
    time_s = np.arange(frames) / rate
    beat = rng.uniform(0.4, 0.6)
    drums = np.zeros((2, frames))
    for place in np.arange(0, seconds, beat / 2):
        first = round(place * rate)
        length = min(round(0.12 * rate), frames - first)
        hit = rng.normal(0, 0.3, (2, length)) * np.exp(-np.arange(length) / (0.02 * rate))
        drums[:, first : first + length] += hit * rng.uniform(0.4, 1)
    notes = rng.integers(0, 8, round(seconds / beat) + 1)
    held = notes[(time_s / beat).astype(int)]
    bass_hz = 55 * 2 ** (held / 12)
    phase = 2 * np.pi * np.cumsum(bass_hz) / rate
    bass = 0.15 * (np.sin(phase) + 0.3 * np.sin(2 * phase + 1))
    glide_hz = 220 * 2 ** ((held + 1.5 * np.sin(2 * np.pi * time_s / 1.7)) / 12)
    sung = 2 * np.pi * np.cumsum(glide_hz) / rate
    voice = sum(np.sin(k * sung + rng.uniform(0, 6)) / k for k in range(1, 30))
    voice += 0.4 * rng.normal(0, 1, frames) * (np.sin(2 * np.pi * time_s * 2.3) > 0.6)
    phrases = np.clip(4 * np.sin(2 * np.pi * time_s / 5 + rng.uniform(0, 6)), 0, 1)
    chords = np.zeros((2, frames))
    for step in (0, 4, 7, 12):
        for side in range(2):
            chord_hz = 330 * 2 ** ((step + held // 4) / 12) * (1 + 0.002 * (side - 0.5))
            chords[side] += signal.sawtooth(2 * np.pi * np.cumsum(chord_hz) / rate)
    chords += rng.normal(0, 0.05, chords.shape)
    return {
        "vocals": np.stack([voice * phrases, voice * np.roll(phrases, 40)]) * 0.05,
        "drums": drums * 0.6,
        "bass": np.stack([bass, 0.97 * bass]) + rng.normal(0, 1e-3, (2, frames)),
        "other": chords * 0.03,
    }


def write_song(folder, stems, mixture=None, rates=None):
    """Write 24-bit files; `rates` gives some of them another sample rate."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = sum(stems.values()) if mixture is None else mixture
    for name, samples in {**stems, "mixture": whole}.items():
        rate = (rates or {}).get(name, RATE)
        soundfile.write(folder / f"{name}.wav", samples.T, rate, subtype="FLOAT")


def late(samples, frames):
    return np.pad(samples, ((0, 0), (frames, 0)))[:, : samples.shape[1]]


def lowpass(samples, cutoff_hz):
    taps = signal.firwin(511, cutoff_hz, fs=RATE)
    return signal.fftconvolve(samples, taps[None], mode="same", axes=1)


def limited(samples, ceiling):
    """A slow limiter: gain follows the level."""
    level = signal.lfilter([0.001], [1, -0.999], np.abs(samples).max(axis=0))
    return samples * np.minimum(1, ceiling / (level + 1e-9))
