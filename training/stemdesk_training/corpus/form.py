"""The form of a song: sections with their own chords, energy, and who rests in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from stemdesk_training.corpus.score import Note, Song, draw_progression, draw_song
from stemdesk_training.corpus.waveform import STEMS, Rng, chance, pick, weighted

# Names in order; lengths come from the tempo. A "build" leads into what follows it.
_FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "electronic": (
        ("intro", "verse", "build", "drop", "break", "drop", "outro"),
        ("intro", "build", "drop", "break", "build", "drop"),
        ("verse", "verse", "drop", "break", "drop"),
        ("break", "drop", "verse", "drop", "outro"),
        ("intro", "verse", "chorus", "verse", "chorus", "outro"),
    ),
    "acoustic": (
        ("intro", "verse", "chorus", "verse", "chorus", "outro"),
        ("verse", "chorus", "break", "chorus"),
        ("intro", "verse", "verse", "chorus", "break", "chorus"),
        ("verse", "chorus", "verse", "bridge", "chorus"),
        ("intro", "chorus", "verse", "chorus", "outro"),
    ),
}
ENERGY = {
    "intro": 0.3, "verse": 0.55, "build": 0.65, "drop": 1.0, "chorus": 0.9, "bridge": 0.5,
    "break": 0.2, "outro": 0.3,
}  # fmt: skip
# How often a stem rests through a section, by the section's name.
_RESTS: dict[str, dict[str, float]] = {
    "intro": {"vocals": 0.8, "drums": 0.4, "bass": 0.5, "other": 0.06},
    "verse": {"vocals": 0.08, "drums": 0.1, "bass": 0.2, "other": 0.06},
    "build": {"vocals": 0.4, "drums": 0.1, "bass": 0.5, "other": 0.03},
    "drop": {"vocals": 0.35, "drums": 0.02, "bass": 0.05, "other": 0.05},
    "chorus": {"vocals": 0.04, "drums": 0.03, "bass": 0.05, "other": 0.03},
    "bridge": {"vocals": 0.3, "drums": 0.3, "bass": 0.3, "other": 0.05},
    "break": {"vocals": 0.4, "drums": 0.6, "bass": 0.5, "other": 0.12},
    "outro": {"vocals": 0.6, "drums": 0.35, "bass": 0.4, "other": 0.06},
}
# How often a stem is absent from a whole song.
_ABSENT = {"vocals": 0.12, "drums": 0.06, "bass": 0.1, "other": 0.02}


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of whole bars: ``song`` holds its chords, ``rests`` the stems that pause."""

    name: str
    start: float
    song: Song
    rests: frozenset[str] = frozenset()

    @property
    def seconds(self) -> float:
        """Length of the section."""
        return self.song.bars * self.song.bar_seconds

    @property
    def end(self) -> float:
        """Where the next section begins, in seconds."""
        return self.start + self.seconds

    @property
    def energy(self) -> float:
        """How much goes on, 0 to 1."""
        return ENERGY[self.name]


@dataclass(frozen=True, slots=True)
class Form:
    """A song: its sections in order; ``seconds`` may end before the last bar does."""

    sections: tuple[Section, ...]
    seconds: float
    electronic: bool

    @property
    def beat_seconds(self) -> float:
        """Length of a beat; one tempo holds throughout."""
        return self.sections[0].song.beat_seconds

    def playing(self, stem: str) -> Iterator[Section]:
        """Sections in which a stem does not rest."""
        return (section for section in self.sections if stem not in section.rests)

    def within(self, notes: list[Note]) -> list[Note]:
        """Notes that begin before the end."""
        return [note for note in notes if note.start < self.seconds - 0.02]


def draw_form(rng: Rng, seconds: float) -> Form:
    """A song of about ``seconds``: one key and tempo, chords of its own for each kind of section.

    Sections of one name share their chords, as verses and choruses do.
    """
    electronic = chance(rng, 0.5)
    names = pick(rng, _FORMS["electronic" if electronic else "acoustic"])
    head = draw_song(rng, seconds)
    # Phrases of two, four or eight bars.
    wanted = seconds / len(names) / head.bar_seconds
    bars = int(2 ** np.clip(np.round(np.log2(wanted)), 1, 3))
    absent = {stem for stem in STEMS if chance(rng, _ABSENT[stem])}
    if len(absent) == len(STEMS):
        absent = set()
    chords = {name: draw_progression(rng) for name in sorted(set(names))}
    sections = []
    start = 0.0
    for name in names:
        length = max(1, bars // 2) if name in {"build", "outro"} else bars
        song = replace(head, chords=chords[name], bars=length)
        section = Section(name, start, song, _resting(rng, name) | frozenset(absent))
        sections.append(section)
        start = section.end
    return Form(tuple(sections), start, electronic)


def _resting(rng: Rng, name: str) -> frozenset[str]:
    return frozenset(stem for stem, share in _RESTS[name].items() if chance(rng, share))


def draw_excerpt(rng: Rng, seconds: float) -> Form:
    """One section, or two that differ, of a song: what an independent segment is made from."""
    head = draw_song(rng, seconds)
    electronic = chance(rng, 0.5)
    first = weighted(rng, [("verse", 0.4), ("chorus", 0.35), ("drop", 0.15), ("break", 0.1)])
    if head.bars < 6 or chance(rng, 0.5):
        return Form((Section(first, 0.0, head),), seconds, electronic)
    before = replace(head, bars=head.bars // 2)
    after = replace(head, bars=head.bars - before.bars, chords=draw_progression(rng))
    second = pick(rng, [name for name in ("verse", "chorus", "drop", "break") if name != first])
    opening = Section(first, 0.0, before)
    return Form((opening, Section(second, opening.end, after)), seconds, electronic)
