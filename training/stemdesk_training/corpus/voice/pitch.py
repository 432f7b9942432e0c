"""Pitch contours: sung along notes, spoken over syllables."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.world import HOP_SECONDS
from stemdesk_training.corpus.waveform import Rng, chance

Contour = NDArray[np.float64]
LOWEST_HZ, HIGHEST_HZ = 45.0, 1600.0


def slow_noise(rng: Rng, steps: int, seconds: float) -> Contour:
    """Smooth noise of unit variance that changes within about ``seconds``."""
    width = max(1.0, seconds / HOP_SECONDS)
    rough = rng.standard_normal(max(steps, 2))
    smooth = ndimage.gaussian_filter1d(rough, width, mode="wrap")
    return np.asarray(smooth[:steps] * np.sqrt(2 * width * np.sqrt(np.pi)), dtype=np.float64)


def to_hz(midi: Contour) -> Contour:
    """Hertz of MIDI pitches, within what a voice does."""
    return np.asarray(np.clip(440.0 * 2.0 ** ((midi - 69.0) / 12.0), LOWEST_HZ, HIGHEST_HZ))


def sung(notes: list[Note], steps: int, manner: Manner, rng: Rng) -> Contour:
    """Pitch in semitones (MIDI) every 5 ms: glides, scoops, falls, vibrato and drift.

    Corrected to hard steps, a contour stays on its notes but for the glide.
    """
    now = np.arange(steps) * HOP_SECONDS
    pitch = np.full(steps, float(notes[0].pitch))
    depth = np.zeros(steps)
    bend = np.zeros(steps)
    for note in notes:
        first = max(0, round((note.start - manner.glide_seconds / 2) / HOP_SECONDS))
        last = min(steps, round((note.start + note.length) / HOP_SECONDS))
        pitch[first:] = note.pitch
        since = now[first:last] - note.start
        if note.length > manner.vibrato_delay + 0.1 and chance(rng, 0.85):
            rise = np.clip((since - manner.vibrato_delay) / rng.uniform(0.2, 0.6), 0, 1)
            depth[first:last] = rise * rng.uniform(0.6, 1.2)
        if chance(rng, 0.45):
            below = manner.scoop * rng.uniform(0.2, 1.0)
            bend[first:last] -= below * np.exp(-np.maximum(since, 0) / rng.uniform(0.03, 0.09))
        if chance(rng, 0.12) and manner.scoop > 0:
            left = note.start + note.length - now[first:last]
            bend[first:last] -= manner.scoop * np.exp(-np.maximum(left, 0) / 0.05)
    pitch = ndimage.gaussian_filter1d(pitch, max(0.3, manner.glide_seconds / 2.5 / HOP_SECONDS))
    # Rate and depth of a vibrato are not constant (Prame 1994).
    rate = manner.vibrato_hz * (1 + 0.05 * slow_noise(rng, steps, 0.3))
    wave = np.sin(2 * np.pi * (np.cumsum(rate) * HOP_SECONDS + rng.random()))
    wave *= np.clip(1 + 0.2 * slow_noise(rng, steps, 0.25), 0.3, 1.7)
    pitch += bend + manner.vibrato_depth * depth * wave
    pitch += manner.drift * slow_noise(rng, steps, 0.35) + manner.wander * slow_noise(
        rng, steps, 0.03
    )
    return np.asarray(pitch, dtype=np.float64)


def spoken(beats: list[Note], steps: int, middle: float, liveliness: float, rng: Rng) -> Contour:
    """A speaker's contour in semitones: accents on syllables, falling within phrases.

    Args:
        beats: syllables; a gap of 0.15 s between two ends a phrase.
        steps: length.
        middle: the voice's pitch (MIDI).
        liveliness: semitones by which accents stand out.
        rng: draws accents.
    """
    knots: list[tuple[float, float]] = []
    falling = 0.0
    for index, beat in enumerate(beats):
        after = beats[index + 1].start if index + 1 < len(beats) else np.inf
        accent = liveliness * (abs(rng.normal()) if beat.velocity > 95 else rng.normal(0, 0.35))
        height = middle + 0.5 * liveliness - falling + accent
        knots.append((beat.start + 0.3 * beat.length, height))
        falling += liveliness * 0.12
        if after - beat.start - beat.length > 0.15:
            # A statement ends low, a question high.
            last = -0.9 if chance(rng, 0.75) else 1.2
            knots.append((beat.start + beat.length, height + last * liveliness))
            falling = 0.0
    if not knots:
        return np.full(steps, middle)
    times, heights = np.array(knots).T
    line = np.interp(np.arange(steps) * HOP_SECONDS, times, heights)
    line = ndimage.gaussian_filter1d(line, 5.0)
    return np.asarray(line + 0.2 * slow_noise(rng, steps, 0.08), dtype=np.float64)


def quantised(semitones: Contour, key: int, scale: tuple[int, ...]) -> Contour:
    """Each step's nearest pitch of a scale: pitch correction without mercy."""
    allowed = np.array([12 * o + key + s for o in range(-1, 12) for s in scale], dtype=np.float64)
    allowed.sort()
    middles = 0.5 * (allowed[1:] + allowed[:-1])
    return np.asarray(allowed[np.searchsorted(middles, semitones)], dtype=np.float64)
