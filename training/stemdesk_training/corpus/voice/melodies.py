"""Vocal melodies and rhythms: lines with rests for breath, motifs that return, long last notes."""

from dataclasses import dataclass

import numpy as np

from stemdesk_training.corpus.score import Note, Song
from stemdesk_training.corpus.waveform import Rng, chance, pick

# Onsets within a bar, in sixteenths, from busy to held.
_RHYTHMS = {
    "busy": (
        (0, 2, 3, 5, 6, 8, 10, 11, 13, 14),
        (0, 1, 2, 4, 6, 8, 9, 10, 12, 14),
        (0, 2, 4, 6, 7, 8, 10, 12, 14, 15),
        (2, 3, 4, 6, 8, 10, 11, 12, 14),
    ),
    "pop": (
        (0, 2, 4, 6, 8, 12),
        (0, 3, 6, 8, 10, 12),
        (0, 3, 6, 10, 12, 14),
        (2, 4, 6, 8, 11, 14),
        (4, 6, 8, 10, 12),
        (0, 4, 7, 8, 12),
        (0, 2, 3, 6, 8, 11),
    ),
    "slow": ((0, 8), (0, 6, 8), (0, 4, 8), (0, 8, 12), (0, 6, 12), (4, 8, 14)),
    "held": ((0,), (0,), (0, 8), (0, 12), (2,)),
}
_STEPS = ((-3, 1), (-2, 3), (-1, 7), (0, 6), (1, 7), (2, 3), (3, 1), (4, 1), (-4, 1), (5, 0.4))


@dataclass(frozen=True, slots=True)
class Range:
    """Around which MIDI pitch a voice sings, and how far from it."""

    middle: float
    reach: float = 8.0


def _motif(rng: Rng, kind: str) -> list[tuple[int, int]]:
    """Onset in sixteenths and step from the note before, for one bar."""
    steps = np.array([step for step, _ in _STEPS])
    weights = np.array([weight for _, weight in _STEPS])
    onsets = pick(rng, _RHYTHMS[kind])
    return [(onset, int(rng.choice(steps, p=weights / weights.sum()))) for onset in onsets]


def tune(rng: Rng, song: Song, span: Range, kind: str | None = None) -> list[Note]:
    """A melody over the song's bars: lines of one or two bars, the last note held, then a rest."""
    manner = kind or pick(rng, ("busy", "pop", "pop", "pop", "slow", "held"))
    motifs = [_motif(rng, manner) for _ in range(3)]
    root = round(span.middle)
    notes: list[Note] = []
    bar = 0 if chance(rng, 0.7) else 1
    while bar < song.bars:
        line = int(rng.choice([1, 2, 2, 2]))
        degree = song.chord_step(bar) % 7 + int(rng.choice([0, 2, 4])) - 2
        places: list[tuple[float, int]] = []
        for inner in range(line):
            motif = motifs[inner % 2] if chance(rng, 0.75) else motifs[2]
            for onset, step in motif:
                degree = _kept_in(degree + step, root, song, span)
                places.append((16.0 * (bar + inner) + onset, degree))
        ends = 16.0 * (bar + line) - float(rng.choice([0, 1, 2, 4, 6]))
        notes += _line(rng, song, places, ends, root)
        bar += line + int(rng.choice([0, 0, 0, 1, 2], p=[0.3, 0.2, 0.2, 0.2, 0.1]))
    return notes


def _kept_in(degree: int, root: int, song: Song, span: Range) -> int:
    pitch = song.pitch(degree, root)
    if pitch > span.middle + span.reach:
        return degree - 4
    if pitch < span.middle - span.reach:
        return degree + 4
    return degree


def _line(
    rng: Rng, song: Song, places: list[tuple[float, int]], ends: float, root: int
) -> list[Note]:
    sixteenth = song.beat_seconds / 4
    legato = float(rng.uniform(0.7, 1.0))
    notes = []
    for index, (at, degree) in enumerate(places):
        after = places[index + 1][0] if index + 1 < len(places) else max(ends, at + 1)
        held = (after - at) * (1.0 if chance(rng, legato) else float(rng.uniform(0.45, 0.9)))
        loud = 100 if at % 4 == 0 else 88
        velocity = int(np.clip(loud + rng.normal(0, 8), 45, 120))
        notes.append(Note(at * sixteenth, held * sixteenth, song.pitch(degree, root), velocity))
    return notes


def flow(rng: Rng, song: Song) -> list[Note]:
    """The rhythm of a rap: sixteenths or triplets with holes, accents on the beat; no pitch."""
    triplets = chance(rng, 0.25)
    per_beat = 3 if triplets else 4
    # Faster than some nine syllables a second, no tongue follows.
    while song.beat_seconds / per_beat < 0.11:
        per_beat -= 1
    cell = (rng.random((2, 4 * per_beat)) < rng.uniform(0.5, 0.95)).astype(bool)
    tick = song.beat_seconds / per_beat
    notes: list[Note] = []
    for bar in range(song.bars):
        if chance(rng, 0.12):
            continue
        for index in np.flatnonzero(cell[bar % 2]).tolist():
            start = bar * song.bar_seconds + index * tick
            accent = index % per_beat == 0 or chance(rng, 0.15)
            notes.append(Note(start, tick, 0, 105 if accent else 82))
    return _breathing(notes, rng)


def _breathing(notes: list[Note], rng: Rng) -> list[Note]:
    """Drop a few syllables now and then, so that lines end."""
    kept: list[Note] = []
    until = int(rng.integers(8, 26))
    for note in notes:
        until -= 1
        if until < 0:
            if until < -int(rng.integers(1, 4)):
                until = int(rng.integers(8, 26))
            continue
        kept.append(note)
    return kept


def in_thirds(notes: list[Note], song: Song, steps: int) -> list[Note]:
    """Each note moved by scale steps (2: a third up); notes off the scale move by semitones."""
    allowed = sorted({(song.key + s) % 12 + 12 * o for o in range(11) for s in song.scale})
    place = {pitch: index for index, pitch in enumerate(allowed)}
    moved = []
    for note in notes:
        index = place.get(note.pitch)
        pitch = note.pitch + round(1.7 * steps) if index is None else _at(allowed, index + steps)
        moved.append(Note(note.start, note.length, pitch, note.velocity))
    return moved


def _at(allowed: list[int], index: int) -> int:
    return allowed[min(max(index, 0), len(allowed) - 1)]
