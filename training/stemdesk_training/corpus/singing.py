"""Melodies sung by a voice bank: notes become syllables, pitch contours and dynamics."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus import psola
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.voice_banks import Singer, Syllable
from stemdesk_training.corpus.waveform import RATE_HZ, Audio, Rng, chance, frames

_HOP = psola.HOP_SECONDS


@dataclass(frozen=True, slots=True)
class Manner:
    """How a singer sings: drawn once per segment."""

    glide_seconds: float
    vibrato_semitones: float
    vibrato_hz: float
    drift_semitones: float
    scoop_semitones: float
    formant: float
    fast_consonants: float

    @classmethod
    def drawn(cls, rng: Rng) -> "Manner":
        """Natural, expressive, or pitch-corrected to hard steps."""
        corrected = chance(rng, 0.3)
        return cls(
            glide_seconds=0.004 if corrected else float(rng.uniform(0.012, 0.05)),
            vibrato_semitones=0.0 if corrected else float(rng.uniform(0.0, 0.7)),
            vibrato_hz=float(rng.uniform(4.3, 6.8)),
            drift_semitones=0.0 if corrected else float(rng.uniform(0.03, 0.25)),
            scoop_semitones=0.0 if corrected else float(rng.uniform(0, 2.0)),
            formant=float(np.clip(np.exp(rng.normal(0, 0.09)), 0.78, 1.3)),
            fast_consonants=float(rng.uniform(1.0, 1.7)),
        )


def pitch_contour(notes: list[Note], seconds: float, manner: Manner, rng: Rng) -> psola.Contour:
    """Pitch in Hz every 5 ms: steps, glides, scoops, vibrato and drift."""
    steps = int(seconds / _HOP) + 2
    pitch = np.full(steps, float(notes[0].pitch))
    now = np.arange(steps) * _HOP
    vibrato = np.zeros(steps)
    scoop = np.zeros(steps)
    for note in notes:
        begin = max(0, int((note.start - 0.02) / _HOP))
        end = min(steps, int((note.start + note.length) / _HOP))
        pitch[begin:] = note.pitch
        since = now[begin:end] - note.start
        if note.length > 0.3:
            vibrato[begin:end] = np.clip((since - 0.18) / 0.25, 0, 1)
        if chance(rng, 0.4):
            scoop[begin:end] -= np.exp(-np.maximum(since, 0) / 0.05)
    pitch = ndimage.gaussian_filter1d(pitch, max(0.5, manner.glide_seconds / _HOP))
    wobble = np.sin(2 * np.pi * (manner.vibrato_hz * now + rng.random()))
    drift = ndimage.gaussian_filter1d(rng.standard_normal(steps), 16.0) * 7.0
    pitch += manner.vibrato_semitones * vibrato * wobble
    pitch += manner.scoop_semitones * scoop + manner.drift_semitones * drift
    return np.asarray(440.0 * 2.0 ** ((pitch - 69.0) / 12.0), dtype=np.float64)


def _sung(
    syllable: Syllable, seconds: float, pitch_hz: psola.Contour, manner: Manner
) -> NDArray[np.float32]:
    """One syllable for ``seconds``: the consonant at (nearly) its speed, the vowel stretched."""
    steps = max(4, int(seconds / _HOP))
    now = np.arange(steps) * _HOP
    fixed_out = syllable.consonant / manner.fast_consonants
    vowel = max(0.04, syllable.seconds - syllable.consonant - 0.03)
    vowel_out = max(0.04, seconds - fixed_out)
    stretch = min(1.0, vowel / vowel_out)
    place = np.where(
        now < fixed_out,
        now * manner.fast_consonants,
        syllable.consonant + (now - fixed_out) * stretch,
    )
    contour = pitch_hz[:steps]
    if len(contour) < steps:
        contour = np.pad(contour, (0, steps - len(contour)), mode="edge")
    return psola.resynthesise(syllable.voice, place, contour, manner.formant)


def _edges(clip: NDArray[np.float32], attack: float, release: float) -> NDArray[np.float32]:
    length = len(clip)
    up = np.clip(np.arange(length) / max(1, frames(attack)), 0, 1)
    down = np.clip((length - np.arange(length)) / max(1, frames(release)), 0, 1)
    return (clip * np.sin(0.5 * np.pi * np.minimum(up, 1)) * down).astype(np.float32)


def sing(
    notes: list[Note], syllables: list[Syllable], seconds: float, manner: Manner, rng: Rng
) -> NDArray[np.float32]:
    """Sing ``notes`` with one syllable each; mono ``[frames]``.

    Consecutive notes are joined as UTAU does: the next syllable's consonant begins before its
    beat by the preutterance and is cross-faded over its overlap.
    """
    out = np.zeros(frames(seconds), dtype=np.float32)
    if not notes:
        return out
    contour = pitch_contour(notes, seconds, manner, rng)
    swell = 1.0
    for index, (note, syllable) in enumerate(zip(notes, syllables, strict=True)):
        lead = min(syllable.preutterance / manner.fast_consonants, 0.3)
        start = max(0.0, note.start + float(rng.normal(0, 0.008)) - lead)
        end = note.start + note.length
        joined = index + 1 < len(notes) and notes[index + 1].start - end < 0.12
        if joined:
            following = syllables[index + 1]
            ahead = (following.preutterance - following.overlap) / manner.fast_consonants
            end = max(note.start + 0.05, notes[index + 1].start - min(ahead, 0.2))
        clip = _sung(syllable, end - start + 0.05, contour[int(start / _HOP) :], manner)
        clip = _edges(clip, max(0.01, syllable.overlap / 2), 0.05 if joined else 0.12)
        swell = float(np.clip(swell + rng.normal(0, 0.12), 0.6, 1.4))
        at = round(start * RATE_HZ)
        stop = min(len(out), at + len(clip))
        if stop > at:
            out[at:stop] += clip[: stop - at] * np.float32(swell * note.velocity / 100)
    return out


def choir(parts: list[NDArray[np.float32]], rng: Rng) -> Audio:
    """Spread mono parts over the stereo field, each a little late."""
    out = np.zeros((2, len(parts[0])), dtype=np.float32)
    places = np.linspace(-1, 1, len(parts)) if len(parts) > 1 else np.zeros(1)
    for place, part in zip(places * rng.uniform(0.3, 1.0), parts, strict=True):
        late = int(rng.integers(0, frames(0.025)))
        moved = np.pad(part, (late, 0))[: len(part)]
        angle = (float(place) + 1) * np.pi / 4
        out += np.stack([np.cos(angle) * moved, np.sin(angle) * moved]).astype(np.float32)
    return out


def lyrics(notes: list[Note], singer: Singer, rng: Rng) -> list[Syllable]:
    """A syllable per note; some repeat, as choruses do."""
    drawn: list[Syllable] = []
    for _ in notes:
        repeat = len(drawn) > 4 and chance(rng, 0.15)
        drawn.append(drawn[-4] if repeat else singer.draw(rng))
    return drawn
