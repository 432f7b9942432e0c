"""Real singing over real instrumentals, all of them held out of training: what is mixed, and how.

Each excerpt is a sung phrase or several as recorded, 10 to 12 s, with the production that its
recording lacks, over a passage of an instrumental at one of three levels. Fifteen excerpts make a
block in which every singer, level, production and package has its fixed number of turns.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np
from pedalboard import Compressor, HighpassFilter, HighShelfFilter, PeakFilter, Reverb

from stemdesk.audio.clip import AudioClip
from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError
from stemdesk_training.corpus.voice.cast import chants, sung
from stemdesk_training.corpus.waveform import RATE_HZ, STEMS, active_rms, db, fade, level_to
from stemdesk_training.datasets.multitrack import converted, with_channels
from stemdesk_training.evaluation.truth import Truth
from stemdesk_training.real_music.packages import Track, tracks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Audio = NDArray[np.float32]

T = TypeVar("T")

LEVELS_DB = (-6.0, 0.0, 6.0)
PRODUCTIONS = ("none", "room", "compressed")
# Folders under voices/ that have real singing held out, and how many of fifteen excerpts each has.
TURNS = {
    "nit_song070_029": 3,
    "vocadito_basicpitch": 2,
    "oatsu_singing": 2,
    "veromary_repleatur": 4,
    "pockettorah": 4,
}
BLOCK = sum(TURNS.values())
SEED = 34
LONGEST_SECONDS, SHORTEST_SECONDS, LEAST_SECONDS = 12.0, 10.0, 8.0
LEAK_SECONDS = 11.0
# A larger share of a voice is one, or may be: the truth would be in doubt.
MOST_VOICE = 0.02
# The outermost parts of a piece are often a fade or an ending.
EDGE = 0.15
_BLOCK_SECONDS = 0.05


class Phrase(NamedTuple):
    """Part of a recording of real singing."""

    path: Path
    start_seconds: float
    seconds: float


@dataclass(frozen=True)
class Item:
    """What is mixed.

    Attributes:
        name: unique in the list, with singer and level.
        singer: folder under voices/; empty for an instrumental alone.
        phrase: what is sung; None for an instrumental alone.
        music: the instrumental.
        music_start_seconds: where the excerpt of it begins.
        level_db: the voice against the instrumental while the voice sounds; 0 without one.
        production: one of ``PRODUCTIONS``.
        seed: of what is drawn in the production.
    """

    name: str
    singer: str
    phrase: Phrase | None
    music: Track
    music_start_seconds: float
    level_db: float
    production: str
    seed: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.phrase.seconds if self.phrase else LEAK_SECONDS


def held_out_music() -> dict[str, list[Track]]:
    """Instrumentals by package: whole pieces, held out, without a voice."""
    found: dict[str, list[Track]] = {}
    for track in tracks():
        if track.held_out and not track.stem and track.voice_share <= MOST_VOICE:
            found.setdefault(track.package, []).append(track)
    return found


def sung_items(audio: Path, count: int) -> list[Item]:
    """The first ``count`` excerpts with a voice; a longer list begins with the shorter one.

    Args:
        audio: folder with voices/.
        count: a multiple of ``BLOCK`` has all singers, levels and packages as often as it should.

    Raises:
        UserError: a singer is missing, or a recording cannot be read.
    """
    music = _Turns(held_out_music(), 0)
    found = _held_out_phrases(audio / "voices")
    if missing := TURNS.keys() - found.keys():
        raise UserError(f"{audio / 'voices'} has no recordings of {min(missing)}",
            "name the folder that holds all voices of the corpus")  # fmt: skip
    phrases = _Turns(found, 1)
    items: list[Item] = []
    for block in range(-(-count // BLOCK)):
        rng = np.random.default_rng([SEED, block])
        singers = rng.permutation([name for name, turns in TURNS.items() for _ in range(turns)])
        levels = _dealt(rng, LEVELS_DB)
        productions = _dealt(rng, PRODUCTIONS)
        packages = _dealt(rng, music.kinds)
        for place, singer in enumerate(map(str, singers)):
            phrase, track = phrases.take(singer), music.take(packages[place])
            items.append(
                Item(
                    f"{len(items):02}_{singer.split('_')[0]}_{levels[place]:+.0f}",
                    singer,
                    phrase,
                    track,
                    _drawn_start(rng, track, phrase.seconds),
                    levels[place],
                    productions[place],
                    len(items),
                )
            )
    return items[:count]


def leak_items(count: int) -> list[Item]:
    """The first ``count`` excerpts of instrumentals alone."""
    music = _Turns(held_out_music(), 2)
    rng = np.random.default_rng([SEED, 1 << 20])
    items = []
    for place in range(count):
        track = music.take(music.kinds[place % len(music.kinds)])
        start = _drawn_start(rng, track, LEAK_SECONDS)
        items.append(Item(f"leak_{place:02}", "", None, track, start, 0.0, "none", place))
    return items


def fingerprint(items: Sequence[Item]) -> str:
    """Of a list of excerpts: figures from two lists cannot be compared."""
    lines = [
        f"{item.name} {_phrase_line(item.phrase)} {item.music.package}/{item.music.path}"
        f" {item.music_start_seconds:.2f} {item.level_db} {item.production} {item.seed}"
        for item in items
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _phrase_line(phrase: Phrase | None) -> str:
    return f"{phrase.path.name} {phrase.start_seconds} {phrase.seconds}" if phrase else "-"


def phrases_of(path: Path) -> list[Phrase]:
    """A recording in phrases: it is cut where it is quietest between 10 and 12 s from each start.

    Leading silence is left out, and so is an end under 8 s, unless it is all there is.
    """
    mono = _read(path).mean(axis=0)
    block = round(_BLOCK_SECONDS * RATE_HZ)
    power = np.square(mono[: len(mono) // block * block].reshape(-1, block)).mean(axis=1)
    is_sounding = power > power.max() * 1e-4
    blocks = round(1 / _BLOCK_SECONDS)
    longest, shortest, least = (
        round(seconds * blocks) for seconds in (LONGEST_SECONDS, SHORTEST_SECONDS, LEAST_SECONDS)
    )
    found: list[Phrase] = []
    start = 0
    while is_sounding[start:].any():
        start += int(np.argmax(is_sounding[start:]))
        stop = len(power)
        if stop - start > longest:
            stop = start + shortest + int(np.argmin(power[start + shortest : start + longest]))
        if stop - start >= least or not found:
            found.append(Phrase(path, start / blocks, (stop - start) / blocks))
        start = stop
    return found


def mixed(item: Item, music: Path) -> Truth:
    """An excerpt in the corpus' four stems: the instrumental is ``other``.

    Args:
        item: of :func:`sung_items` or :func:`leak_items`.
        music: folder that the packages were fetched to.

    Raises:
        UserError: a recording cannot be read; it is named.
    """
    instrumental = _read(item.music.below(music), item.music_start_seconds, item.seconds)
    stems = np.zeros((len(STEMS), *instrumental.shape))
    stems[-1] = instrumental
    if item.phrase:
        voice = _read(*item.phrase)[:, : instrumental.shape[-1]]
        produced = produce(voice, item.production, np.random.default_rng([SEED, item.seed]))
        stems[0, :, : voice.shape[-1]] = produced * _gain(produced, instrumental, item.level_db)
    mixture = stems.sum(axis=0)
    common = 0.9 / max(0.9, float(np.abs(mixture).max()))
    return Truth(item.name, STEMS, stems * common, mixture * common, RATE_HZ)


def produce(voice: Audio, production: str, rng: np.random.Generator) -> Audio:
    """A recorded voice ``[2, frames]`` as it might stand in a mix, with soft edges."""
    out = fade(level_to(voice, -18.0), 0.01, 0.05)
    if production == "room":
        room = Reverb(
            room_size=float(rng.uniform(0.2, 0.6)), damping=0.5, wet_level=1.0, dry_level=0.0
        )
        wet = room(out, RATE_HZ)
        share = db(float(rng.uniform(-16.0, -9.0))) * active_rms(out) / active_rms(wet)
        return np.asarray(out + wet * np.float32(share))
    if production == "compressed":
        ratio, air_db = float(rng.uniform(2.5, 5.0)), float(rng.uniform(0.0, 5.0))
        for effect in (
            HighpassFilter(90.0),
            Compressor(threshold_db=-26.0, ratio=ratio, attack_ms=5.0, release_ms=90.0),
            PeakFilter(300.0, gain_db=float(rng.uniform(-4.0, 0.0)), q=0.8),
            HighShelfFilter(6000.0, gain_db=air_db),
        ):
            out = np.asarray(effect(out, RATE_HZ))
    return out


class _Turns(Generic[T]):
    """Takes from shuffled lists, one after the other, each again from its start when it ends."""

    def __init__(self, lists: dict[str, list[T]], seed: int) -> None:
        rng = np.random.default_rng([SEED, seed])
        self.kinds = tuple(lists)
        self._waiting: dict[str, Iterator[T]] = {
            kind: itertools.cycle([each[place] for place in rng.permutation(len(each))])
            for kind, each in lists.items()
        }

    def take(self, kind: str) -> T:
        return next(self._waiting[kind])


def _gain(voice: Audio, instrumental: Audio, level_db: float) -> float:
    """What brings a voice to a level against an instrumental while it sounds."""
    block = round(_BLOCK_SECONDS * RATE_HZ)
    count = voice.shape[-1] // block
    power = np.square(
        np.stack([voice, instrumental[:, : voice.shape[-1]]])[..., : count * block]
    ).reshape(2, 2, count, block)
    sung_power, other_power = power.mean(axis=(1, 3))
    is_sounding = sung_power > sung_power.max() * 1e-3
    return db(level_db) * float(
        np.sqrt(other_power[is_sounding].mean() / sung_power[is_sounding].mean())
    )


def _dealt(rng: np.random.Generator, kinds: tuple[T, ...]) -> list[T]:
    """Each kind as often as the others, in any order, for a block of excerpts."""
    return [kinds[int(place) % len(kinds)] for place in rng.permutation(BLOCK)]


def _drawn_start(rng: np.random.Generator, track: Track, seconds: float) -> float:
    first = EDGE * track.seconds
    return round(float(rng.uniform(first, max(first, (1 - EDGE) * track.seconds - seconds))), 2)


@cache
def _held_out_phrases(voices: Path) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for group in (*sung(voices, "valid"), *chants(voices, "valid")):
        for path in group:
            found.setdefault(path.relative_to(voices).parts[0], []).extend(phrases_of(path))
    return found


def _read(path: Path, start_seconds: float = 0.0, seconds: float | None = None) -> Audio:
    """Part of a file, ``[2, frames]`` at 44.1 kHz."""
    with open_audio(path, start_seconds, seconds) as reader:
        rate, samples = reader.info.sample_rate, reader.read(reader.info.frames)
    clip = converted(AudioClip(samples.astype(np.float32), rate), RATE_HZ)
    return with_channels(clip.samples, 2)
