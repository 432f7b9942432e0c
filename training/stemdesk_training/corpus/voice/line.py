"""Syllables on notes: which recorded passages sound when, consonants before the beat."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.voice.bank import Unit, VoiceBank
from stemdesk_training.corpus.voice.languages import Spoken, Words
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.track import Passage
from stemdesk_training.corpus.voice.world import HOP_SECONDS
from stemdesk_training.corpus.waveform import Rng, chance

# A gap between notes beyond which the voice falls silent.
REST_SECONDS = 0.12
# Steps: a consonant of a cluster, one that ends a syllable, the least that is left of a vowel.
_CLUSTER, _CODA, _LEAST_VOWEL = 14, 22, 10
_SOFT_START = 6


@dataclass(frozen=True, slots=True)
class Syllable:
    """One sung or spoken syllable: what, when (seconds), how loud."""

    spoken: Spoken
    start: float
    end: float
    loudness: float
    joined: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A unit from its step ``first`` on, which falls on ``start``, until ``stop``.

    ``held`` tells that the vowel is drawn out until then.
    """

    unit: Unit
    start: int
    stop: int
    first: int
    loudness: float
    held: bool = True


def syllables(notes: list[Note], words: Words, rng: Rng, melisma: float = 0.1) -> list[Syllable]:
    """A syllable per note; some notes go on with the vowel of the one before."""
    out: list[Syllable] = []
    for index, note in enumerate(notes):
        end = note.start + note.length
        after = notes[index + 1].start if index + 1 < len(notes) else np.inf
        joined = index > 0 and note.start - _end(notes[index - 1]) < REST_SECONDS
        if after - end < REST_SECONDS:
            end = after
        if joined and out and chance(rng, melisma):
            last = out[-1]
            out[-1] = Syllable(last.spoken, last.start, end, last.loudness, last.joined)
            continue
        spoken = words.syllable(rng, open_end=note.length < 0.16)
        loudness = (0.35 + 0.65 * note.velocity / 100.0) * float(np.exp(rng.normal(0, 0.1)))
        out.append(Syllable(spoken, note.start, end, loudness, joined))
    return out


def _end(note: Note) -> float:
    return note.start + note.length


def passages(
    sung: list[Syllable], bank: VoiceBank, manner: Manner, rng: Rng, formant: float = 1.0
) -> list[Passage]:
    """What to lay into a track, in order.

    Args:
        sung: syllables in order of time.
        bank: the voice.
        manner: how uneven the onsets are.
        rng: draws units.
        formant: what unvoiced sounds are resampled by.
    """
    pieces: list[_Piece] = []
    before, free = "-", -1000
    for index, syllable in enumerate(sung):
        if not syllable.joined:
            before = "-"
        late = float(rng.normal(0, manner.lateness))
        beat = max(0, round((syllable.start + late) / HOP_SECONDS))
        stop = max(beat + _LEAST_VOWEL, round(syllable.end / HOP_SECONDS))
        ends = index + 1 == len(sung) or not sung[index + 1].joined
        pieces += _syllable(syllable, (before, free), (beat, stop), bank, rng)
        before = "n" if syllable.spoken.coda[-1:] == ("n",) else syllable.spoken.nucleus[-1]
        before = "-" if syllable.spoken.coda and before != "n" else before
        free = beat + _LEAST_VOWEL if not ends else stop
    return _laid(pieces, formant)


def _syllable(
    syllable: Syllable,
    context: tuple[str, int],
    span: tuple[int, int],
    bank: VoiceBank,
    rng: Rng,
) -> list[_Piece]:
    """Cluster, consonant with vowel, second vowel, and what closes the syllable."""
    spoken, loud = syllable.spoken, syllable.loudness
    (before, free), (beat, stop) = context, span
    head = spoken.onset[-1] if spoken.onset else ""
    cluster = spoken.onset[:-1]
    unit = bank.find("-" if cluster else before, head, spoken.nucleus[0], rng)
    # What was sung before another vowel begins with its own consonant, not with that vowel.
    fits = not cluster and unit.label.before == before != "-"
    lead = min(unit.onset if fits else unit.head, _CLUSTER if cluster else max(6, beat - free))
    # A vowel that was sung from silence rises softly; joined to another it is already there.
    skip = _SOFT_START if not head and not fits and before != "-" else 0
    pieces = [_Piece(unit, beat - lead, stop, unit.onset - lead + skip, loud)]
    at = beat - lead
    for consonant in reversed(cluster):
        closed = bank.find("-", consonant, "u", rng)
        length = min(_CLUSTER, closed.onset)
        at -= length
        pieces.insert(0, _Piece(closed, at, at + length, closed.onset - length, loud, held=False))
    coda = _coda(syllable, span, bank, rng)
    if len(spoken.nucleus) > 1:
        glide = bank.find(spoken.nucleus[0], "", spoken.nucleus[1], rng)
        vowel = (coda[0].start if coda else stop) - beat
        second = beat + max(_LEAST_VOWEL // 2, round(vowel * float(rng.uniform(0.45, 0.8))))
        lead = min(glide.onset, second - beat, 12)
        pieces.append(_Piece(glide, second - lead, stop, glide.onset - lead, loud))
    return pieces + coda


def _coda(syllable: Syllable, span: tuple[int, int], bank: VoiceBank, rng: Rng) -> list[_Piece]:
    """The consonants after the vowel, done where the syllable ends."""
    (beat, stop), coda = span, syllable.spoken.coda
    length = min(_CODA, max(4, (stop - beat) // (2 * max(1, len(coda)))))
    before, at = syllable.spoken.nucleus[-1], stop - length * len(coda)
    pieces = []
    for consonant in coda:
        if consonant == "n":
            unit = bank.find(before, "", "n", rng)
            first = unit.onset - min(unit.onset, length // 2)
            pieces.append(_Piece(unit, at, at + length, first, syllable.loudness))
        else:
            unit = bank.find(before, consonant, "u", rng)
            first = max(0, unit.onset - length)
            end = at + unit.onset - first
            pieces.append(_Piece(unit, at, end, first, syllable.loudness, held=False))
        at += length
        before = "n" if consonant == "n" else "-"
    return pieces


def _laid(pieces: list[_Piece], formant: float) -> list[Passage]:
    """Each piece ends where the next has come in."""
    out = []
    for piece, after in pairwise([*pieces, None]):
        if piece is None:
            continue
        stop, release = piece.stop, 14
        if after is not None and after.start <= stop + 4:
            stop, release = max(piece.start + 2, after.start + _join(after)), 0
        if not piece.held:
            stop, release = min(stop, piece.stop), 3
        if stop - piece.start < 2:
            continue
        place = _place(piece, stop - piece.start)
        out.append(Passage(piece.unit.recording, piece.start, place, _join(piece), piece.loudness,
                           release, formant))  # fmt: skip
    return out


def _join(piece: _Piece) -> int:
    least = 2 if piece.unit.label.consonant else 6
    return int(np.clip(piece.unit.joint, least, max(6, piece.unit.onset - piece.first)))


def _place(piece: _Piece, steps: int) -> NDArray[np.float64]:
    """Steps of the recording to read: the consonant as it is, the vowel to and fro."""
    if not piece.held:
        return piece.first + np.arange(steps, dtype=np.float64)
    unit = piece.unit
    voiced = np.flatnonzero(unit.recording.pitch_hz > 0)
    end = int(voiced[-1]) if voiced.size else unit.steps - 1
    # The last part of a vowel is already on its way to the next consonant.
    end = max(unit.fixed + 4, round(unit.fixed + 0.85 * (end - unit.fixed)))
    end = min(end, unit.steps - 1)
    moving = piece.first + np.arange(steps, dtype=np.float64)
    turn = max(1.0, float(end - unit.fixed))
    beyond = np.maximum(moving - unit.fixed, 0.0)
    folded = turn - np.abs((beyond % (2 * turn)) - turn)
    return np.where(moving <= unit.fixed, moving, unit.fixed + folded)
