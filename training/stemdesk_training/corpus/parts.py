"""Parts along a song: what an instrument plays in each section, repeated where it returns."""

from collections.abc import Callable

from stemdesk_training.corpus.form import Form, Section
from stemdesk_training.corpus.score import Note, Song, arpeggio, chord_part, melody, rhythm
from stemdesk_training.corpus.tunes import Tunes
from stemdesk_training.corpus.waveform import Rng, chance, pick

Write = Callable[[Song, Section], list[Note]]


def along(form: Form, stem: str, write: Write, names: frozenset[str] | None = None) -> list[Note]:
    """Write each kind of section once and play it wherever the stem does not rest.

    Args:
        form: the song.
        stem: whose rests count.
        write: makes the notes of a section, times from its beginning.
        names: only sections of these names.
    """
    written: dict[tuple[str, int], list[Note]] = {}
    notes: list[Note] = []
    for section in form.playing(stem):
        if names is not None and section.name not in names:
            continue
        key = (section.name, section.song.bars)
        if key not in written:
            written[key] = write(section.song, section)
        notes += [
            Note(section.start + n.start, n.length, n.pitch, n.velocity) for n in written[key]
        ]
    return notes


def riff(rng: Rng, song: Song, around: int) -> list[Note]:
    """One bar of a tune in the chord's own steps, repeated on every chord."""
    onsets = rhythm(rng, float(rng.uniform(0.1, 0.7)))
    steps = [int(rng.choice([0, 0, 2, 4, 7, -3, 1, 5])) for _ in onsets]
    gate = float(rng.uniform(0.3, 1.0))
    notes = []
    for bar in range(song.bars):
        base = song.root_step(bar)
        for index, onset in enumerate(onsets):
            following = onsets[index + 1] if index + 1 < len(onsets) else 4.0
            start = (bar * 4 + onset) * song.beat_seconds
            held = (following - onset) * song.beat_seconds * gate
            pitch = song.pitch(base + steps[index], around)
            notes.append(Note(start, held, pitch, int(rng.integers(70, 118))))
    return notes


def drone(rng: Rng, song: Song, around: int) -> list[Note]:
    """The tonic, at times with its fifth, held through."""
    pitches = [song.pitch(0, around), *([song.pitch(4, around)] if chance(rng, 0.5) else [])]
    length = song.bars * song.bar_seconds
    step = min(length, 4 * song.bar_seconds)
    starts = [turn * step for turn in range(max(1, round(length / step)))]
    return [Note(start, step, pitch, 90) for start in starts for pitch in pitches]


def power_chords(rng: Rng, song: Song, around: int) -> list[Note]:
    """Root, fifth and octave: held, in eighths, or syncopated, some of them damped."""
    style = pick(rng, ("held", "eighths", "sync"))
    eighths = [tick / 2 for tick in range(8)]
    grid = {"held": [0.0], "eighths": eighths}.get(style) or rhythm(rng, 0.5)
    damped = [chance(rng, 0.3) for _ in grid]
    notes = []
    for bar in range(song.bars):
        root = song.chord(bar, around, 1)[0]
        for index, onset in enumerate(grid):
            following = grid[index + 1] if index + 1 < len(grid) else 4.0
            held = (following - onset) * song.beat_seconds * (0.35 if damped[index] else 0.97)
            start = (bar * 4 + onset) * song.beat_seconds
            notes += [
                Note(start + 0.004 * string, held, root + up, 90 if damped[index] else 112)
                for string, up in enumerate((0, 7, 12))
            ]
    return notes


class Writer:
    """Writes parts by role: chords, melody, arpeggio, riff, drone or power chords."""

    def __init__(self, rng: Rng, tunes: Tunes, around: int) -> None:
        """Remember who draws, where seeds come from, and the register."""
        self._rng = rng
        self._tunes = tunes
        self._around = around

    def write(self, role: str, song: Song) -> list[Note]:
        """Notes of a role through a section."""
        rng, around = self._rng, self._around
        if role == "melody":
            if chance(rng, 0.4):
                return self._tunes.melody(rng, song, around)
            return melody(rng, song, around, float(rng.uniform(0.2, 0.8)))
        makers = {
            "chords": chord_part,
            "arp": arpeggio,
            "riff": riff,
            "drone": drone,
            "power": power_chords,
        }
        return makers[role](rng, song, around)
