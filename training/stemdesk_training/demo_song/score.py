"""The notes of "First Light": tempo, chords, melody with words, patterns. Data only.

F major, 110 bpm, 4/4. Bars count from 0; beats within a bar from 0. The words are Japanese:

    Asa no hikari ga mado ni ochite      morning light falls on the window
    shizuka na umi o hitori miteru       alone I watch the quiet sea
    Hiraite, sora no iro                 open, colour of the sky
    utaeba kimi no koe                   if I sing, your voice
    yume kara hajimaru asa               out of a dream begins the morning
"""

from dataclasses import dataclass

TITLE = "First Light"
TEMPO_BPM = 110.0
BARS = 12
LEAD_IN_SECONDS = 0.15
TOTAL_SECONDS = 27.6
KEY_SCALE = frozenset({5, 7, 9, 10, 0, 2, 4})
"""Pitch classes of F major."""

SECTIONS = {"intro": (0, 2), "verse": (2, 6), "chorus": (6, 11), "ending": (11, 12)}
"""First bar and the bar after the last."""

PROGRESSION = ("Dm7", "Bb", "F", "C/E", "Dm7", "Bb", "Bb", "C", "Am7", "Dm7", "Gm7 C", "F9")
"""One chord per bar, or two for half a bar each."""

CHORDS = {
    "F": "F3 A3 C4 E4",
    "F9": "F3 A3 C4 G4",
    "C": "G3 C4 D4 E4",
    "C/E": "G3 C4 E4 G4",
    "Dm7": "F3 A3 C4 D4",
    "Bb": "F3 A3 Bb3 D4",
    "Am7": "G3 A3 C4 E4",
    "Gm7": "F3 G3 Bb3 D4",
}
"""The keyboard's voicings, low to high."""

ROOTS = {
    "F": "F1", "F9": "F1", "C": "C2", "C/E": "E1", "Dm7": "D2", "Bb": "Bb1", "Am7": "A1",
    "Gm7": "G1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line in one breath. ``words``, ``tune`` and ``beats`` are columns of equal number."""

    bar: int
    beat: float
    words: str
    tune: str
    beats: str
    velocity: int = 90


LEAD = (
    Phrase(
        2, 0.5,
        "a    sa   no   hi   ka   ri   ga   ma   do   ni   o    chi  te",
        "C4   F4   G4   A4   G4   F4   G4   G4   E4   F4   G4   D4   E4",
        "0.5  0.5  0.5  0.5  0.5  0.5  0.5  1    0.5  0.5  0.5  0.5  0.75",
        82,
    ),
    Phrase(
        4, 0.5,
        "shi  zu   ka   na   u    mi   o    hi   to   ri   mi   te   ru",
        "D4   F4   G4   A4   A4   C5   A4   Bb4  A4   G4   F4   G4   A4",
        "0.5  0.5  0.5  0.5  0.5  0.5  0.5  1    0.5  0.5  0.5  0.5  0.5",
        86,
    ),
    Phrase(
        6, 0.0,
        "hi   ra   i    te   so   ra   no   i    ro",
        "Bb4  Bb4  C5   D5   C5   C5   G4   A4   G4",
        "1    0.5  0.5  1.5  0.5  1    0.5  0.5  1.5",
        100,
    ),
    Phrase(
        8, 0.0,
        "u    ta   e    ba   ki   mi   no   ko   e",
        "C5   Bb4  A4   G4   A4   A4   G4   F4   A4",
        "1    0.5  0.5  1.5  0.5  1    0.5  0.5  1.5",
        98,
    ),
    Phrase(
        10, 0.0,
        "yu   me   ka   ra   ha   ji   ma   ru   a    sa",
        "G4   A4   Bb4  D5   C5   Bb4  A4   G4   A4   C5",
        "0.5  0.5  0.5  0.5  0.5  0.5  0.5  0.5  0.5  3",
        104,
    ),
)  # fmt: skip

HARMONY = (
    Phrase(
        6, 0.0,
        "hi   ra   i    te   so   ra   no   i    ro",
        "F4   F4   A4   Bb4  A4   G4   E4   F4   E4",
        "1    0.5  0.5  1.5  0.5  1    0.5  0.5  1.5",
        92,
    ),
    Phrase(
        8, 0.0,
        "u    ta   e    ba   ki   mi   no   ko   e",
        "A4   G4   F4   E4   F4   F4   E4   D4   F4",
        "1    0.5  0.5  1.5  0.5  1    0.5  0.5  1.5",
        90,
    ),
    Phrase(
        10, 0.0,
        "yu   me   ka   ra   ha   ji   ma   ru   a    sa",
        "D4   F4   G4   Bb4  G4   G4   F4   E4   F4   A4",
        "0.5  0.5  0.5  0.5  0.5  0.5  0.5  0.5  0.5  3",
        96,
    ),
)  # fmt: skip

# One bar of sixteenths per drum: digits are loudness, dots are rests.
DRUM_PATTERNS = {
    "hats": {"hat": "5.3.6.3.5.3.6.34"},
    "pickup": {"hat": "5.3.6.3.5.3.....", "kick": "7...............", "snare": "............4.68",
               "tom_high": "........67......", "tom_low": "..........7....."},
    "verse": {"kick": "8.....5.7.......", "snare": "....7.......7..2", "hat": "6.3.5.3.6.3.5.34"},
    "verse2": {"kick": "8.....5.7.5.....", "snare": "....7..2....7...", "hat": "6.3.5.3.6.3.534."},
    "fill": {"kick": "8.....5.7.......", "snare": "....7...66..8.89", "hat": "6.3.5.3.........",
             "tom_high": "..........77....", "tom_low": ".............8.."},
    "chorus": {"kick": "9..6..7.9.7.....", "snare": "....9.......9...", "hat": "7.5.7.5.7.5.7.5."},
    "chorus2": {"kick": "9..6..7.9..67...", "snare": "....9..3....9..4",
                "hat": "7.5.7.5.7.5.75.6"},
    "last": {"kick": "9..6..7.9.......", "snare": "....9...7.7.8899", "hat": "7.5.7.5.........",
             "tom_low": ".........8.8...."},
    "end": {"kick": "9..............."},
}  # fmt: skip

DRUMS = (
    "hats", "pickup", "verse", "verse2", "verse", "fill",
    "chorus", "chorus2", "chorus", "chorus2", "last", "end",
)  # fmt: skip

CRASHES = (2, 6, 8, 11)
"""Bars whose first beat has a crash."""

# Eight eighths per bar: R root, 5 fifth, 8 octave, - holds the note before, dot is a rest.
BASS_PATTERNS = {
    "rest": "........",
    "held": "R-------",
    "verse": "R--RR-5-",
    "chorus": "R-RR8-R5",
    "half": "R-R5R-R5",
    "end": "R-------",
}

BASS = (
    "rest", "held", "verse", "verse", "verse", "verse",
    "chorus", "chorus", "chorus", "chorus", "half", "end",
)  # fmt: skip

# Sixteen sixteenths per bar: which tone of the chord (an octave up from 4), dot is a rest.
GUITAR_PATTERNS = {
    "pick": "0.1.2.3.4.3.2.1.",
    "pick2": "0.2.3.2.5.3.4.2.",
    "strum": "S...S.S...S.S.S.",
    "end": "S...............",
}

GUITAR = (
    "pick", "pick2", "pick", "pick2", "pick", "pick2",
    "strum", "strum", "strum", "strum", "strum", "end",
)  # fmt: skip

# As the guitar's; H holds the whole chord for the bar or half bar, C strikes it shortly.
KEYS_PATTERNS = {
    "held": "H...............",
    "verse": "C.....C.....C...",
    "half": "H.......H.......",
}

KEYS = (
    "held", "held", "verse", "verse", "verse", "verse",
    "held", "held", "held", "held", "half", "held",
)  # fmt: skip

ARPEGGIO_PATTERN = "4.6.5.7.4.6.7.5."
ARPEGGIO_BARS = (6, 7, 8, 9, 10)

# A bell answers the voice and opens the song. "words" only counts the notes.
BELL = (
    Phrase(0, 0.0, ". . . .", "F5 A5 C6 A5", "0.5 0.5 1 2", 70),
    Phrase(1, 0.0, ". . . .", "D5 F5 A5 G5", "0.5 0.5 1 2", 74),
    Phrase(3, 3.0, ". .", "E5 G5", "0.5 0.5", 60),
    Phrase(7, 3.0, ". .", "G5 C6", "0.5 0.5", 80),
    Phrase(9, 3.0, ". .", "F5 A5", "0.5 0.5", 80),
    Phrase(11, 0.0, ". . . .", "C6 A5 G5 F5", "1 1 1 1", 72),
)
