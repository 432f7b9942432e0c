"""Made-up music: keys, chord progressions, melodies, bass lines, arpeggios."""

from dataclasses import dataclass, replace

import numpy as np

from stemdesk_training.corpus.waveform import Rng, chance, pick

_SCALES = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 3, 5, 7, 9, 10),
    (0, 1, 3, 5, 7, 8, 10),
)
_PROGRESSIONS = (
    (0, 4, 5, 3),
    (5, 3, 0, 4),
    (0, 5, 3, 4),
    (0, 3, 0, 4),
    (0, 6, 5, 6),
    (0, 2, 3, 5),
    (0, 0, 5, 5),
    (3, 4, 0, 0),
    (0, 5, 1, 4),
    (0, 3, 5, 4),
    (5, 4, 3, 4),
    (0, 4, 1, 3),
    (1, 4, 0, 0),
    (0, 6, 3, 0),
    (5, 3, 4, 0),
    (0, 0, 3, 3, 4, 3, 0, 4),
    (0,),
)


@dataclass(frozen=True, slots=True)
class Note:
    """One note: times in seconds, MIDI pitch, velocity 1..127."""

    start: float
    length: float
    pitch: int
    velocity: int = 90


@dataclass(frozen=True, slots=True)
class Song:
    """What a segment agrees on: tempo, key, scale and one chord (scale step) per bar."""

    beat_seconds: float
    key: int
    scale: tuple[int, ...]
    chords: tuple[int, ...]
    bars: int

    @property
    def bar_seconds(self) -> float:
        """Length of a 4/4 bar."""
        return 4.0 * self.beat_seconds

    def pitch(self, step: int, around: int) -> int:
        """MIDI pitch of a scale step, in the octave that starts at or under ``around``."""
        octave, degree = divmod(step, len(self.scale))
        root = around - (around - self.key) % 12
        return root + 12 * octave + self.scale[degree]

    def chord_step(self, bar: int) -> int:
        """Scale step of the chord in a bar."""
        return self.chords[bar % len(self.chords)]

    def root_step(self, bar: int) -> int:
        """The chord's step, from the fifth up an octave lower: roots lie around the key's."""
        step = self.chord_step(bar)
        return step - 7 if step > 3 else step

    def chord(self, bar: int, around: int, size: int = 3) -> list[int]:
        """Pitches of the bar's chord in thirds."""
        step = self.root_step(bar)
        return [self.pitch(step + 2 * i, around) for i in range(size)]


class Conducted(np.random.Generator):
    """Draws as ``rng`` does, but every :func:`draw_song` gives ``song``.

    So a stem that would invent its own music plays along a given one.
    """

    def __init__(self, rng: Rng, song: Song) -> None:
        """Share the state of ``rng``."""
        super().__init__(rng.bit_generator)
        self.song = song


def draw_song(rng: Rng, seconds: float) -> Song:
    """A tempo of 66 to 178 bpm, a key, a scale and a progression that fills ``seconds``.

    A :class:`Conducted` generator answers with the song it carries.
    """
    if isinstance(rng, Conducted):
        return rng.song
    beat = 60.0 / rng.choice(
        [rng.uniform(66, 100), rng.uniform(95, 130), rng.uniform(120, 140), rng.uniform(140, 178)]
    )
    chords = draw_progression(rng)
    bars = int(np.ceil(seconds / (4 * beat)))
    return Song(float(beat), int(rng.integers(12)), pick(rng, _SCALES), chords, bars)


def draw_progression(rng: Rng) -> tuple[int, ...]:
    """Scale steps of the chords, one per bar; now and then each holds two bars."""
    steps = pick(rng, _PROGRESSIONS)
    return tuple(step for step in steps for _ in range(2)) if chance(rng, 0.2) else steps


def rhythm(rng: Rng, density: float) -> list[float]:
    """Onsets in beats within one bar, on a sixteenth grid; density 0..1."""
    grid = np.arange(16)
    strength = np.where(grid % 4 == 0, 0.9, np.where(grid % 2 == 0, 0.55, 0.22))
    onsets = [float(i) / 4 for i in grid if rng.random() < strength[i] * (0.35 + density)]
    return onsets or [0.0]


def melody(rng: Rng, song: Song, around: int, density: float = 0.5) -> list[Note]:
    """A tune by steps and small leaps, with repeated bars and rests between phrases."""
    notes: list[Note] = []
    motifs = [rhythm(rng, density) for _ in range(2)]
    step = int(rng.integers(0, 7))
    for bar in range(song.bars):
        if chance(rng, 0.18):
            continue
        onsets = motifs[bar % 2] if chance(rng, 0.75) else rhythm(rng, density)
        for onset, following in zip(onsets, [*onsets[1:], 4.0], strict=True):
            if chance(rng, 0.08):
                continue
            step += int(rng.choice([-3, -2, -1, -1, 0, 0, 1, 1, 2, 4]))
            step = step - 5 if step > 11 else step + 5 if step < -4 else step
            if onset == 0.0 and chance(rng, 0.6):
                step = song.chord_step(bar) + int(rng.choice([0, 2, 4]))
                step -= 7 if step > 8 else 0
            start = (bar * 4 + onset) * song.beat_seconds
            held = (following - onset) * song.beat_seconds * rng.uniform(0.55, 1.0)
            notes.append(Note(start, held, song.pitch(step, around), int(rng.integers(60, 118))))
    return notes


def chord_part(rng: Rng, song: Song, around: int) -> list[Note]:
    """Held, stabbed or strummed chords through the progression."""
    style = pick(rng, ("held", "held", "stab", "pulse", "strum"))
    size = int(rng.integers(3, 6))
    onsets = {"held": [0.0], "pulse": [i / 2 for i in range(8)]}.get(style) or rhythm(rng, 0.3)
    notes = []
    for bar in range(song.bars):
        pitches = song.chord(bar, around, size)
        for onset, following in zip(onsets, [*onsets[1:], 4.0], strict=True):
            held = (following - onset) * song.beat_seconds * (0.3 if style == "stab" else 0.97)
            for index, pitch in enumerate(pitches):
                late = 0.018 * index if style == "strum" else 0.0
                start = (bar * 4 + onset) * song.beat_seconds + late
                notes.append(Note(start, held, pitch, int(rng.integers(60, 110))))
    return notes


def arpeggio(rng: Rng, song: Song, around: int) -> list[Note]:
    """Broken chords on a grid of eighths or sixteenths, over one to three octaves."""
    per_beat = int(rng.choice([2, 4, 4, 3]))
    size = int(rng.integers(3, 8))
    order = rng.permutation(size) if chance(rng, 0.4) else np.arange(size)
    gate = float(rng.uniform(0.3, 1.3))
    mask = rng.random(per_beat * 4) < rng.uniform(0.6, 1.0)
    notes = []
    for bar in range(song.bars):
        pitches = song.chord(bar, around, size)
        for tick in range(4 * per_beat):
            if not mask[tick]:
                continue
            start = (bar * 4 + tick / per_beat) * song.beat_seconds
            pitch = pitches[int(order[tick % size])]
            held = gate * song.beat_seconds / per_beat
            notes.append(Note(start, held, pitch, int(rng.integers(60, 120))))
    return notes


BASS_STYLES = ("held", "eighths", "octave", "offbeat", "sync", "sync", "sixteenths")


def lifted(notes: list[Note], lowest: int) -> list[Note]:
    """The line with every note under the MIDI pitch ``lowest`` raised by octaves."""
    return [
        replace(note, pitch=note.pitch + 12 * max(0, -((note.pitch - lowest) // 12)))
        for note in notes
    ]


def bass_line(rng: Rng, song: Song, around: int = 33) -> list[Note]:
    """Roots, octaves and passing notes: held, eighths, octave jumps, off-beats or syncopated."""
    style = pick(rng, BASS_STYLES)
    patterns = {
        "held": [0.0],
        "eighths": [i / 2 for i in range(8)],
        "octave": [i / 2 for i in range(8)],
        "offbeat": [0.5, 1.5, 2.5, 3.5],
        "sixteenths": [i / 4 for i in range(16)],
    }
    onsets = patterns.get(style) or rhythm(rng, rng.uniform(0.1, 0.6))
    steps = [0 if chance(rng, 0.7) else int(rng.choice([4, 7, 2, -1, 6])) for _ in onsets]
    gate = float(rng.uniform(0.45, 1.0))
    notes = []
    for bar in range(song.bars):
        if chance(rng, 0.06):
            continue
        base = song.root_step(bar)
        for index, onset in enumerate(onsets):
            following = onsets[index + 1] if index + 1 < len(onsets) else 4.0
            step = base + (7 * (index % 2) if style == "octave" else steps[index])
            start = (bar * 4 + onset) * song.beat_seconds
            held = (following - onset) * song.beat_seconds * gate
            notes.append(Note(start, held, song.pitch(step, around), int(rng.integers(75, 120))))
    return notes


def staccato_bass(rng: Rng, song: Song, around: int) -> list[Note]:
    """Short notes on sixteenths, as electro and funk have: often one pitch all along.

    Some are of one length, some of several, in a pattern that comes back: no drum can do that.
    """
    bars = [rhythm(rng, float(rng.uniform(0.1, 0.9))) for _ in range(2)]
    longest = float(rng.uniform(0.09, 0.28))
    least = float(rng.uniform(0.3, 0.7)) if chance(rng, 0.6) else 1.0
    lengths = [rng.uniform(least, 1.0, len(onsets)) * longest for onsets in bars]
    pedal = chance(rng, 0.6)
    leap = 7 if chance(rng, 0.2) else 0
    notes = []
    for bar in range(song.bars):
        onsets = bars[bar % 2]
        base = 0 if pedal else song.root_step(bar)
        nexts = [*onsets[1:], 4.0]
        for onset, following, length in zip(onsets, nexts, lengths[bar % 2], strict=True):
            start = (bar * 4 + onset) * song.beat_seconds
            held = min(float(length), (following - onset) * song.beat_seconds)
            step = base + (leap if chance(rng, 0.15) else 0)
            notes.append(Note(start, held, song.pitch(step, around), int(rng.integers(85, 115))))
    return notes
