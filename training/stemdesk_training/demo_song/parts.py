"""From the score's columns and patterns to notes in seconds, whole or cut to some bars."""

from dataclasses import dataclass

from stemdesk_training.corpus.drum_patterns import Hit
from stemdesk_training.corpus.samples import midi_of
from stemdesk_training.corpus.score import Note
from stemdesk_training.demo_song import score

BEAT_SECONDS = 60.0 / score.TEMPO_BPM
BAR_SECONDS = 4.0 * BEAT_SECONDS
_SIXTEENTH = BEAT_SECONDS / 4.0
_LOUDEST_DIGIT = 9


@dataclass(frozen=True, slots=True)
class Window:
    """The bars to render; times count from ``lead_in`` before the first of them."""

    first: int = 0
    count: int = score.BARS

    @property
    def whole(self) -> bool:
        """Whether this is the whole song."""
        return self.count == score.BARS

    @property
    def seconds(self) -> float:
        """Length of the rendering."""
        if self.whole:
            return score.TOTAL_SECONDS
        return score.LEAD_IN_SECONDS + self.count * BAR_SECONDS

    def holds(self, bar: int) -> bool:
        """Whether what begins in a bar is rendered."""
        return self.first <= bar < self.first + self.count

    @property
    def bars(self) -> range:
        """The bars by number."""
        return range(self.first, self.first + self.count)

    def at(self, bar: int, beat: float) -> float:
        """Time of a beat in seconds."""
        return score.LEAD_IN_SECONDS + (4.0 * (bar - self.first) + beat) * BEAT_SECONDS


@dataclass(frozen=True, slots=True)
class Sung:
    """One sung syllable (romaji) on a note."""

    note: Note
    word: str


def columns(phrase: score.Phrase) -> list[tuple[str, int, float]]:
    """Syllable, MIDI pitch and beats of each note.

    Raises:
        ValueError: the columns differ in number, or a pitch has no meaning.
    """
    words, tune, beats = phrase.words.split(), phrase.tune.split(), phrase.beats.split()
    return [
        (word, midi_of(pitch), float(length))
        for word, pitch, length in zip(words, tune, beats, strict=True)
    ]


def phrases(lines: tuple[score.Phrase, ...], window: Window) -> list[list[Sung]]:
    """The sung phrases that begin inside a window."""
    found = []
    for phrase in lines:
        if not window.holds(phrase.bar):
            continue
        beat = phrase.beat
        sung = []
        for word, pitch, length in columns(phrase):
            start = window.at(phrase.bar, beat)
            sung.append(Sung(Note(start, length * BEAT_SECONDS, pitch, phrase.velocity), word))
            beat += length
        found.append(sung)
    return found


def chord_names(bar: int) -> tuple[str, str]:
    """The chords of a bar's two halves."""
    names = score.PROGRESSION[bar].split()
    return names[0], names[-1]


def chord(bar: int, sixteenth: int) -> str:
    """The chord that sounds at a sixteenth of a bar."""
    return chord_names(bar)[sixteenth // 8]


def voicing(name: str) -> list[int]:
    """MIDI pitches of a chord, low to high."""
    return [midi_of(tone) for tone in score.CHORDS[name].split()]


def tone(name: str, index: int) -> int:
    """Tone of a chord by number; from the fourth on an octave higher."""
    pitches = voicing(name)
    octave, place = divmod(index, len(pitches))
    return pitches[place] + 12 * octave


def drum_hits(window: Window) -> list[Hit]:
    """Every stroke, in time order; velocity is the digit's share of 127."""
    hits = []
    for bar in window.bars:
        for drum, steps in score.DRUM_PATTERNS[score.DRUMS[bar]].items():
            for step, digit in enumerate(steps):
                if digit != ".":
                    loud = round(127 * int(digit) / _LOUDEST_DIGIT)
                    hits.append(Hit(window.at(bar, step / 4), drum, loud))
        if bar in score.CRASHES:
            hits.append(Hit(window.at(bar, 0.0), "crash", 110))
    return sorted(hits, key=lambda hit: (hit.start, hit.drum))


def bass_notes(window: Window) -> list[Note]:
    """The bass line; half a bar's chord changes are followed."""
    notes = []
    for bar in window.bars:
        pattern = score.BASS_PATTERNS[score.BASS[bar]]
        for step, sign in enumerate(pattern):
            if sign in ".-":
                continue
            held = 1
            while step + held < len(pattern) and pattern[step + held] == "-":
                held += 1
            root = midi_of(score.ROOTS[chord(bar, 2 * step)])
            pitch = root + {"R": 0, "5": 7, "8": 12}[sign]
            length = held * 2 * _SIXTEENTH * (1.6 if bar == score.BARS - 1 else 0.94)
            notes.append(Note(window.at(bar, step / 2), length, pitch, 96 - 6 * (step % 2)))
    return notes


def guitar_notes(window: Window) -> list[Note]:
    """Picked tones, or strums that run over the chord in 12 ms steps."""
    notes = []
    for bar in window.bars:
        pattern = score.GUITAR_PATTERNS[score.GUITAR[bar]]
        for step, sign in enumerate(pattern):
            start = window.at(bar, step / 4)
            name = chord(bar, step)
            if sign == "S":
                rest = pattern[step + 1 :]
                gap = next((i for i, s in enumerate(rest) if s != "."), len(rest)) + 1
                held = gap * _SIXTEENTH * (1.0 if gap < len(pattern) else 1.4)
                down = step % 4 == 0
                pitches = voicing(name) if down else voicing(name)[::-1]
                loud = 88 if down else 66
                notes += [
                    Note(start + 0.012 * i, held, pitch + 12, loud - 4 * i)
                    for i, pitch in enumerate(pitches)
                ]
            elif sign != ".":
                loud = 84 if step == 0 else 70 + 3 * (step % 4)
                notes.append(Note(start, 5 * _SIXTEENTH, tone(name, int(sign)), loud))
    return notes


def keys_notes(window: Window) -> list[Note]:
    """The electric piano's chords."""
    notes = []
    for bar in window.bars:
        pattern = score.KEYS_PATTERNS[score.KEYS[bar]]
        strokes = [i for i, sign in enumerate(pattern) if sign != "."]
        for step, following in zip(strokes, [*strokes[1:], len(pattern)], strict=True):
            steps = following - step if pattern[step] == "H" else min(4, following - step)
            length = 0.97 * steps * _SIXTEENTH
            loud = 84 if step == 0 else 72
            notes += [
                Note(window.at(bar, step / 4) + 0.004 * i, length, pitch, loud)
                for i, pitch in enumerate(voicing(chord(bar, step)))
            ]
    return notes


def pad_notes(window: Window) -> list[Note]:
    """Held chords under verse, chorus and ending."""
    notes = []
    for bar in window.bars:
        names = chord_names(bar)
        halves = [(0.0, 4.0, names[0])]
        if names[0] != names[1]:
            halves = [(0.0, 2.0, names[0]), (2.0, 2.0, names[1])]
        loud = 90 if bar >= score.SECTIONS["chorus"][0] else 62
        notes += [
            Note(window.at(bar, beat), beats * BEAT_SECONDS, pitch + 12, loud)
            for beat, beats, name in halves
            for pitch in voicing(name)
        ]
    return notes


def arpeggio_notes(window: Window) -> list[Note]:
    """The chorus arpeggio."""
    return [
        Note(window.at(bar, step / 4), _SIXTEENTH, tone(chord(bar, step), int(sign)), 76)
        for bar in score.ARPEGGIO_BARS
        if window.holds(bar)
        for step, sign in enumerate(score.ARPEGGIO_PATTERN)
        if sign != "."
    ]


def bell_notes(window: Window) -> list[Note]:
    """The bell's answers."""
    return [sung.note for line in phrases(score.BELL, window) for sung in line]
