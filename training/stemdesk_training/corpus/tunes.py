"""Folk tunes as seeds of melodies: their rhythm and contour, moved into a song's key and tempo."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stemdesk_training.corpus.midi_files import read_beats
from stemdesk_training.corpus.score import Note, Song, melody
from stemdesk_training.corpus.waveform import Rng, chance, pick

_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_HELD_OUT_EVERY = 10


@dataclass(frozen=True, slots=True)
class _Step:
    """A note of a tune: onset and length in beats, scale step counted from the tonic."""

    onset: float
    length: float
    step: int


def _steps(path: Path) -> tuple[_Step, ...]:
    """The tune on a grid of twelfths of a beat, as steps of its major scale."""
    notes, tonic = read_beats(path)
    steps = []
    for note in notes:
        octave, above = divmod(note.pitch - tonic, 12)
        degree = min(range(7), key=lambda index: abs(_MAJOR[index] - above))
        steps.append(_Step(round(note.start * 12) / 12, note.length, 7 * octave + degree))
    return tuple(steps)


class Tunes:
    """The tunes of a split: every tenth file belongs to validation alone."""

    def __init__(self, audio_root: Path, split: str) -> None:
        """List the files under ``audio_root``."""
        files = sorted((audio_root / "midi" / "nottingham" / "MIDI").glob("*.mid"))
        held = split == "valid"
        self.files = [
            path
            for index, path in enumerate(files)
            if (index % _HELD_OUT_EVERY == 0) == held and path.stem not in {"melody", "chords"}
        ]
        self._steps = lru_cache(maxsize=512)(_steps)

    def melody(self, rng: Rng, song: Song, around: int) -> list[Note]:
        """As many bars of a tune as the song has, in its key, scale and tempo.

        The first note of a bar is bent to the chord; where the drawn tune is too short, or there
        are no files, the melody is made up.
        """
        steps = self._steps(pick(rng, self.files)) if self.files else ()
        total = 4 * song.bars
        if not steps or steps[-1].onset < total:
            return melody(rng, song, around)
        first = 4 * int(rng.integers(0, int(steps[-1].onset - total) // 4 + 1))
        lift = int(rng.choice([0, 0, 2, 4]))
        notes = []
        bar = -1
        for step in steps:
            onset = step.onset - first
            if not 0 <= onset < total or chance(rng, 0.04):
                continue
            place = step.step + lift
            if int(onset // 4) != bar:
                bar = int(onset // 4)
                place = _nearest_chord_step(song, bar, place)
            length = min(step.length, total - onset) * song.beat_seconds * rng.uniform(0.7, 1.0)
            pitch = song.pitch(place % 7 if place > 13 or place < -7 else place, around)
            notes.append(Note(onset * song.beat_seconds, length, pitch, int(rng.integers(60, 118))))
        return notes


def _nearest_chord_step(song: Song, bar: int, place: int) -> int:
    root = song.chord_step(bar)
    return min(
        (root + 2 * third + 7 * octave for third in range(3) for octave in range(-2, 3)),
        key=lambda step: abs(step - place),
    )
