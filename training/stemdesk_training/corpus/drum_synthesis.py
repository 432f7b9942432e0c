"""Drum machine sounds from scratch: kicks, snares, claps, hats, toms, in the 808/909 manner."""

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng, chance, pan


def _decay(length: int, seconds: float) -> osc.Mono:
    """Exponential fall that reaches zero at the last frame."""
    left = 1 - np.arange(length) / length
    return np.asarray(np.exp(-osc.seconds_axis(length) / seconds) * left, dtype=np.float32)


def kick(rng: Rng) -> Audio:
    """A sine that falls from a click to 42..85 Hz; what hums on is a bass (an 808)."""
    length = int(RATE_HZ * rng.uniform(0.2, 0.45))
    now = osc.seconds_axis(length)
    base = rng.uniform(42, 85)
    fall = rng.uniform(80, 400) * np.exp(-now / rng.uniform(0.008, 0.04))
    body = osc.sine(base + fall, length) * _decay(length, rng.uniform(0.03, 0.15))
    click = osc.noise(rng, length) * _decay(length, 0.004) * rng.uniform(0.0, 0.5)
    drive = np.exp(rng.uniform(0, np.log(20))) if chance(rng, 0.3) else rng.uniform(1, 5)
    mixed = np.tanh(drive * (body + osc.highpass(click, 1500)))
    return pan(mixed * np.minimum(1.0, (length - np.arange(length)) / 800))


def snare(rng: Rng) -> Audio:
    """Two decaying sines and filtered noise."""
    length = int(RATE_HZ * rng.uniform(0.18, 0.5))
    base = rng.uniform(150, 260)
    tone = osc.sine(base, length) + 0.6 * osc.sine(base * rng.uniform(1.5, 1.9), length)
    tone *= _decay(length, rng.uniform(0.03, 0.1)) * rng.uniform(0.2, 0.8)
    hiss = osc.highpass(osc.stereo_noise(rng, length), rng.uniform(700, 3000))
    hiss *= _decay(length, rng.uniform(0.03, 0.14)) * rng.uniform(0.2, 0.7)
    return np.asarray(np.tanh(rng.uniform(1, 3) * (pan(tone) + hiss)), dtype=np.float32)


def clap(rng: Rng) -> Audio:
    """Three or four noise bursts and a tail."""
    length = int(RATE_HZ * 0.4)
    envelope = 0.5 * _decay(length, rng.uniform(0.04, 0.14))
    for burst in range(int(rng.integers(2, 5))):
        start = int(burst * RATE_HZ * rng.uniform(0.008, 0.013))
        envelope[start:] += _decay(length - start, 0.006)
    centre = rng.uniform(900, 2400)
    hiss = osc.bandpass(osc.stereo_noise(rng, length), 0.6 * centre, 2.2 * centre)
    return np.asarray(np.tanh(2.0 * hiss * envelope), dtype=np.float32)


def hat(rng: Rng, decay_seconds: float) -> Audio:
    """Noise or clashing squares above 5..9 kHz."""
    length = int(RATE_HZ * min(1.2, 6 * decay_seconds))
    if chance(rng, 0.5):
        ratios = (2.0, 3.0, 4.16, 5.43, 6.79, 8.21)
        base = rng.uniform(40, 160)
        squares = [np.sign(osc.sine(base * r * 4, length)) for r in ratios]
        source = pan(np.mean(squares, axis=0))
    else:
        source = osc.stereo_noise(rng, length)
    clear = osc.highpass(source, rng.uniform(5000, 9000))
    return (clear * _decay(length, decay_seconds)).astype(np.float32)


def cowbell(rng: Rng) -> Audio:
    """Two squares a fifth or so apart through a band-pass."""
    length = int(RATE_HZ * rng.uniform(0.15, 0.5))
    base = rng.uniform(450, 700)
    pair = osc.square(base, length) + osc.square(base * rng.uniform(1.4, 1.55), length)
    clear = osc.bandpass(pair, 0.9 * base, 4 * base)
    return pan(clear * _decay(length, rng.uniform(0.03, 0.15)), rng.uniform(-0.5, 0.5))


def shaker(rng: Rng) -> Audio:
    """A swelling burst of bright noise."""
    length = int(RATE_HZ * rng.uniform(0.06, 0.16))
    swell = np.sin(np.pi * (np.arange(length) / length) ** rng.uniform(0.4, 1.5))
    low = rng.uniform(3000, 7000)
    hiss = osc.bandpass(osc.noise(rng, length), low, 2.5 * low)
    return pan((0.5 * hiss * swell).astype(np.float32), rng.uniform(-0.7, 0.7))


def zap(rng: Rng) -> Audio:
    """A fast fall of an FM tone."""
    length = int(RATE_HZ * rng.uniform(0.06, 0.3))
    now = osc.seconds_axis(length)
    pitch = rng.uniform(100, 400) + rng.uniform(1000, 6000) * np.exp(-now / rng.uniform(0.01, 0.06))
    wave = np.sin(4 * osc.sine(pitch * rng.uniform(0.5, 3), length) + osc.sine(pitch, length))
    return pan(wave * _decay(length, 0.08), rng.uniform(-0.6, 0.6))


def tom(rng: Rng, base_hz: float) -> Audio:
    """A falling sine with a little noise."""
    length = int(RATE_HZ * rng.uniform(0.25, 0.6))
    now = osc.seconds_axis(length)
    body = osc.sine(base_hz * (1 + 0.6 * np.exp(-now / 0.04)), length)
    hiss = 0.1 * osc.noise(rng, length) * _decay(length, 0.03)
    return pan((body * _decay(length, 0.15) + hiss).astype(np.float32), rng.uniform(-0.5, 0.5))


def cymbal(rng: Rng) -> Audio:
    """A long, bright noise with a few partials."""
    length = int(RATE_HZ * rng.uniform(0.8, 2.0))
    hiss = osc.highpass(osc.stereo_noise(rng, length), rng.uniform(2500, 6000))
    partials = [osc.sine(rng.uniform(2500, 9000), length) for _ in range(5)]
    ring = pan(0.75 * np.mean(partials, axis=0))
    return ((hiss + ring) * _decay(length, rng.uniform(0.25, 0.7)) * 0.6).astype(np.float32)


_PERCUSSION = (cowbell, shaker, zap)


def machine(rng: Rng) -> dict[str, list[Audio]]:
    """A whole synthetic kit: hit class to one or two variants."""
    closed = rng.uniform(0.015, 0.06)
    return {
        "kick": [kick(rng)],
        "snare": [snare(rng)],
        "clap": [clap(rng)],
        "rim": [tom(rng, rng.uniform(400, 900))],
        "hat_closed": [hat(rng, closed), hat(rng, closed)],
        "hat_open": [hat(rng, rng.uniform(0.08, 0.25))],
        "tom_low": [tom(rng, rng.uniform(70, 110))],
        "tom_mid": [tom(rng, rng.uniform(110, 160))],
        "tom_high": [tom(rng, rng.uniform(160, 240))],
        "crash": [cymbal(rng)],
        "ride": [hat(rng, rng.uniform(0.08, 0.25))],
        "perc": [
            tom(rng, rng.uniform(300, 1500)),
            _PERCUSSION[int(rng.integers(len(_PERCUSSION)))](rng),
        ],
    }
