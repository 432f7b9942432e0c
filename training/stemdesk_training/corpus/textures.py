"""Accompaniment without notes: risers, sweeps, ambience, vinyl."""

from pathlib import Path

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    fade,
    frames,
    hz,
    pan,
    pick,
    silence,
)

_PATTERNS = ("ambi_*.opus", "guit_*.opus", "loop_drone*.opus", "vinyl_*.opus", "perc_swoosh.opus")
_TRAIN_ONLY = ("guit_", "ambi_choir", "ambi_drone", "ambi_piano", "vinyl_", "loop_drone")


def riser(rng: Rng, seconds: float) -> Audio:
    """Noise or a tone that rises (or falls) and swells."""
    length = frames(seconds)
    control = np.linspace(0, 1, length, dtype=np.float32) ** np.float32(rng.uniform(0.7, 3))
    if chance(rng, 0.4):
        control = control[::-1].copy()
    if chance(rng, 0.6):
        wave = osc.sweep(osc.stereo_noise(rng, length), control, 300, rng.uniform(4000, 14000))
    else:
        pitch_hz = hz(rng.uniform(40, 70)) * 2 ** (rng.uniform(1, 4) * control)
        wave = pan(0.5 * osc.saw(pitch_hz, length))
        wave = osc.sweep(wave, control, 400, 8000)
    return (0.3 * wave * (0.1 + control)).astype(np.float32)


def crackle(rng: Rng, seconds: float) -> Audio:
    """Vinyl: sparse impulses and a hiss."""
    length = frames(seconds)
    impulses = np.zeros(length, dtype=np.float32)
    count = int(seconds * rng.uniform(5, 40))
    impulses[rng.integers(0, length, count)] = rng.normal(0, 1, count)
    dust = osc.bandpass(impulses, 800, 7000)
    hiss = 0.01 * osc.lowpass(osc.stereo_noise(rng, length), rng.uniform(2000, 9000))
    return (0.5 * pan(dust, float(rng.uniform(-0.4, 0.4))) + hiss).astype(np.float32)


class Ambience:
    """Recorded textures, slowed, reversed and looped."""

    def __init__(self, instruments: Path, split: str, shelf: SampleShelf) -> None:
        """Index the ambience files of a split."""
        folder = instruments / "sonic_pi_samples"
        files = sorted(path for pattern in _PATTERNS for path in folder.glob(pattern))
        if split == "train":
            files += sorted((instruments / "garden_mot4i" / "st").glob("*.opus"))
        train = [p for p in files if p.name.startswith(_TRAIN_ONLY) or "texture" in p.name]
        self._files = train if split == "train" else [p for p in files if p not in train]
        self._shelf = shelf

    def play(self, seconds: float, rng: Rng) -> Audio:
        """Overlapping repeats of one file."""
        clip = change_speed(self._shelf.get(pick(rng, self._files)), float(rng.uniform(0.5, 1.6)))
        clip = fade(clip[:, : frames(12)], 0.05, 0.2)
        if chance(rng, 0.25):
            clip = np.ascontiguousarray(clip[:, ::-1])
        out = silence(seconds)
        start = 0.0
        while start < seconds:
            add_at(out, clip, frames(start))
            start += clip.shape[1] / 44_100 * float(rng.uniform(0.7, 1.1)) + 0.05
        return out
