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
# A choir is recorded singers: no accompaniment.
_SUNG = ("ambi_choir.opus",)
_TRAIN_ONLY = ("guit_", "ambi_drone", "ambi_piano", "vinyl_", "loop_drone")


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


def grains(rng: Rng, source: Audio, seconds: float, pitches: list[int]) -> Audio:
    """A cloud of short windowed pieces of ``source``, scattered, re-pitched by semitones, panned.

    Few pieces are cut and each is scattered many times, so that the cost does not grow with the
    density (granular synthesis after Roads, Microsound, 2001).
    """
    pieces = []
    for _ in range(24):
        length = min(frames(float(np.exp(rng.uniform(np.log(0.02), np.log(0.4))))), source.shape[1])
        begin = int(rng.integers(0, source.shape[1] - length + 1))
        moved = change_speed(source[:, begin : begin + length], 2 ** (pick(rng, pitches) / 12))
        mono = moved.mean(axis=0) * np.hanning(moved.shape[1])
        pieces.append(pan(mono, float(rng.uniform(-1, 1))))
    out = silence(seconds)
    density = float(np.exp(rng.uniform(np.log(4), np.log(80))))
    swell = float(rng.uniform(2, 8))
    for start in np.sort(rng.uniform(0, seconds, int(density * seconds))):
        gain = 0.5 + 0.5 * np.sin(2 * np.pi * start / swell)
        add_at(out, pick(rng, pieces), frames(float(start)), float(gain))
    return out


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
        files = [path for path in files if path.name not in _SUNG]
        if split == "train":
            files += sorted((instruments / "garden_mot4i" / "st").glob("*.opus"))
        train = [p for p in files if p.name.startswith(_TRAIN_ONLY) or "texture" in p.name]
        self._files = train if split == "train" else [p for p in files if p not in train]
        self._shelf = shelf

    def excerpt(self, rng: Rng) -> Audio:
        """A few seconds of one file, to be cut into grains."""
        return self._shelf.get(pick(rng, self._files))[:, : frames(6)]

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


_EFFECTS = {
    "train": (
        "elec_be*.opus", "elec_chime.opus", "elec_ping.opus", "elec_twang.opus", "elec_b*p.opus",
        "elec_bong.opus", "elec_triangle.opus", "glitch_robot*.opus", "misc_c*.opus",
        "vinyl_*.opus",
    ),
    "valid": ("mehackit_*.opus",),
}  # fmt: skip


class Effects:
    """Recorded sound effects, thrown in on the beat: single, stuttered, reversed, re-pitched."""

    def __init__(self, instruments: Path, split: str, shelf: SampleShelf) -> None:
        """Index the effects of a split."""
        folder = instruments / "sonic_pi_samples"
        found = {path for pattern in _EFFECTS[split] for path in folder.glob(pattern)}
        # Blips are struck in kits: what is a drum there must not be accompaniment here.
        self.files = sorted(path for path in found if not path.name.startswith("elec_blip"))
        self._shelf = shelf

    def play(self, seconds: float, beat_seconds: float, rng: Rng) -> Audio:
        """Two or three effects, each every so many beats."""
        out = silence(seconds)
        for _ in range(int(rng.integers(2, 4))):
            clip = change_speed(
                self._shelf.get(pick(rng, self.files)), float(rng.uniform(0.6, 1.6))
            )
            clip = fade(clip[:, : frames(2.5)], 0.002, 0.05)
            if chance(rng, 0.2):
                clip = np.ascontiguousarray(clip[:, ::-1])
            if chance(rng, 0.35):
                clip = _stuttered(rng, clip, beat_seconds)
            every = beat_seconds * float(rng.choice([1, 2, 4, 4, 8]))
            start = beat_seconds * float(rng.choice([0, 0.5, 1, 2, 3.5]))
            level = float(rng.uniform(0.4, 1.0)) / max(0.05, float(np.abs(clip).max()))
            while start < seconds:
                if chance(rng, 0.8):
                    add_at(out, clip, frames(start), 0.5 * level)
                start += every
        return out


def _stuttered(rng: Rng, clip: Audio, beat_seconds: float) -> Audio:
    """The beginning of a clip, repeated on a fast grid."""
    step = frames(beat_seconds / float(rng.choice([4, 4, 6, 8])))
    piece = fade(clip[:, :step], 0.001, 0.003)
    piece = np.pad(piece, ((0, 0), (0, step - piece.shape[1])))
    return np.tile(piece, int(rng.integers(3, 9)))


def sweeps(rng: Rng, seconds: float, bar_seconds: float) -> Audio:
    """A riser or fall every four bars."""
    out = silence(seconds)
    start = 0.0
    while start < seconds:
        length = bar_seconds * float(rng.uniform(0.5, 3.5))
        add_at(out, fade(riser(rng, length), 0.01, 0.05), frames(start))
        start += 4 * bar_seconds
    return out
