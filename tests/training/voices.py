"""Made-up voices: pulses through resonances, noises for consonants, and a bank of them."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
import soundfile
from scipy import signal

RATE = 44_100
needs_pyworld = pytest.mark.skipif(
    find_spec("pyworld") is None, reason="needs pyworld, from the extra `corpus`"
)
FORMANTS_HZ = {
    "a": (800, 1200),
    "i": (300, 2300),
    "u": (350, 900),
    "e": (500, 1900),
    "o": (500, 900),
}


def vowel(name, pitch_hz, seconds):
    """A steady vowel `[frames]` from band-limited pulses."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros(len(time_s))
    for harmonic in range(1, int(9000 / pitch_hz)):
        at_hz = harmonic * pitch_hz
        gain = sum(1 / (1 + ((at_hz - f) / 90) ** 2) for f in FORMANTS_HZ[name]) + 0.01
        sound += gain / harmonic**0.3 * np.cos(2 * np.pi * at_hz * time_s + harmonic**2)
    return 0.15 * sound / np.max(np.abs(sound)) * np.hanning(len(sound)) ** 0.1


def hiss(seconds, seed=0):
    """A consonant: noise above 4 kHz."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    sos = signal.butter(4, 4000, "highpass", fs=RATE, output="sos")
    return 0.03 * signal.sosfilt(sos, noise)


def make_bank(folder, pitch_hz=220.0):
    """Write a bank of `sa si su se so` and the bare vowels, with its `oto.ini`."""
    lines = []
    for index, name in enumerate("aiueo"):
        for consonant in ("s", ""):
            gap = np.zeros(round(0.05 * RATE))
            head = hiss(0.1, index) if consonant else np.zeros(round(0.1 * RATE))
            sound = np.concatenate([gap, head, vowel(name, pitch_hz, 0.7), gap])
            soundfile.write(folder / f"{consonant}{name}.wav", sound, RATE, subtype="FLOAT")
            lines.append(f"{consonant}{name}.wav=- {consonant}{name},40,180,40,110,10")
    (folder / "oto.ini").write_text("\n".join(lines), encoding="utf-8")
    return folder


def pitch_of(mono, low_hz=60, high_hz=1000):
    """Pitch by autocorrelation, its first high peak: it shares nothing with the code under test."""
    window = np.hanning(len(mono))
    first, last = int(RATE / high_hz), min(int(RATE / low_hz), len(mono) // 2)
    lags = autocorrelation(mono * window) / np.maximum(autocorrelation(window), 1e-9)
    inner = lags[1:-1]
    peaks = 1 + np.flatnonzero((inner > lags[:-2]) & (inner >= lags[2:]))
    peaks = peaks[(peaks >= first) & (peaks < last)]
    best = peaks[lags[peaks] > 0.95 * np.max(lags[peaks])][0]
    before, top, after = lags[best - 1 : best + 2]
    return RATE / (best + 0.5 * (before - after) / (before - 2 * top + after))


def autocorrelation(mono):
    """Of each lag up to half the length."""
    return np.fft.irfft(np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2)[: len(mono) // 2]


def cents(measured_hz, wanted_hz):
    """How far a pitch lies above another."""
    return 1200 * float(np.log2(measured_hz / wanted_hz))


def band_db(mono, low_hz, high_hz):
    """Mean power of a band in dB."""
    frequency, power = signal.welch(mono, RATE, nperseg=4096)
    inside = (frequency >= low_hz) & (frequency < high_hz)
    return 10 * float(np.log10(np.mean(power[inside]) + 1e-20))


def centroid_hz(mono, low_hz, high_hz):
    """Centre of the spectrum within a band."""
    frequency, power = signal.welch(mono, RATE, nperseg=4096)
    inside = (frequency >= low_hz) & (frequency < high_hz)
    return float(np.sum(frequency[inside] * power[inside]) / np.sum(power[inside]))
