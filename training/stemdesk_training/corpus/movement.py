"""What moves through a whole synthesiser part: swept filters, gates, and mouths of machines."""

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.waveform import Audio, Rng, chance, frames

# First three formants in Hz of seven vowels (after Peterson and Barney 1952).
VOWELS_HZ = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (270, 2290, 3010),
    (570, 840, 2410),
    (300, 870, 2240),
    (660, 1720, 2410),
    (490, 1350, 1690),
)


def swept(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """A resonant low-pass swung by an LFO in tempo, or opened slowly over the whole part."""
    length = clip.shape[1]
    now = osc.seconds_axis(length)
    low = float(np.exp(rng.uniform(np.log(150), np.log(900))))
    high = low * float(np.exp(rng.uniform(np.log(3), np.log(30))))
    if chance(rng, 0.5):
        control = np.linspace(0, 1, length)
        control = control if chance(rng, 0.7) else control[::-1]
    else:
        period = beat_seconds * float(rng.choice([0.25, 0.5, 1, 2, 4, 16]))
        control = 0.5 - 0.5 * np.cos(2 * np.pi * (now / period + rng.random()))
    cutoff = (low * (high / low) ** control).astype(np.float32)
    return osc.ladder(clip, cutoff, float(rng.uniform(0.0, 0.8)), float(rng.uniform(1, 4)))


def gated(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """A rhythm cut into held sounds on a grid of sixteenths, down to hard silence."""
    steps = rng.random(16) < rng.uniform(0.4, 0.8)
    steps[0] = True
    step = frames(beat_seconds / 4)
    shape = np.minimum(1.0, np.minimum(np.arange(step), np.arange(step)[::-1]) / frames(0.004))
    bar = np.concatenate([shape * float(on) for on in steps])
    turns = np.resize(bar, clip.shape[1])
    return np.asarray(clip * turns, dtype=np.float32)


def talking(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """Through a talk box or vocoder: formants that change in rhythm, syllables with onsets.

    No voice is in it; the model has to learn that this is accompaniment.
    """
    length = clip.shape[1]
    count = int(rng.integers(3, 6))
    vowels = [VOWELS_HZ[index] for index in rng.permutation(len(VOWELS_HZ))[:count]]
    size = float(rng.uniform(0.85, 1.25))
    width = float(rng.uniform(0.05, 0.14))
    mouths = []
    for first, second, third in vowels:
        bands = [
            osc.bandpass(clip, size * centre * (1 - width), size * centre * (1 + width))
            for centre in (first, second, third)
        ]
        mouths.append(bands[0] + 0.7 * bands[1] + 0.45 * bands[2])
    syllable = beat_seconds * float(rng.choice([0.5, 0.5, 1, 2]))
    place = osc.seconds_axis(length) / syllable
    order = rng.integers(0, len(mouths), int(place[-1]) + 3) if length else np.zeros(3, int)
    now = place.astype(np.int64)
    glide = np.clip((place - now) / rng.uniform(0.1, 0.8), 0, 1)
    out = np.zeros_like(clip)
    for index, mouth in enumerate(mouths):
        weight = np.where(order[now + 1] == index, glide, 0) + np.where(
            order[now] == index, 1 - glide, 0
        )
        out += mouth * weight.astype(np.float32)
    if chance(rng, 0.6):
        closing = 1 - rng.uniform(0.3, 1.0) * np.exp(-(place - now) * syllable / 0.03)
        out *= closing.astype(np.float32)
    if chance(rng, 0.5):
        # A vocoder's unvoiced band: short hisses between the syllables.
        burst = np.exp(-(place - now) * syllable / rng.uniform(0.01, 0.05))
        burst *= (order[now] % 2 == 0) * np.abs(clip).mean(axis=0)
        hiss = osc.bandpass(osc.noise(rng, length), 4000, 10_000)
        out += (0.6 * hiss * burst).astype(np.float32)
    return np.asarray(2.5 * out, dtype=np.float32)
