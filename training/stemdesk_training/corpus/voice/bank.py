"""A voice bank: units of recorded singing, found by what they say."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from stemdesk_training.corpus import oto
from stemdesk_training.corpus.voice.phonemes import Label, parse
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.voice.world import HOP_SECONDS, Recording
from stemdesk_training.corpus.waveform import Rng, pick

_WHOLE_FILE_STEM = re.compile(r"(?:note\d+-)?([a-z]+)$")
_SHORTEST_SECONDS = 0.15
# Units of one consonant and vowel: what a bank costs to analyse is bounded by it.
_MOST_PER_SOUND = 3
_LONGEST_SECONDS = 4.0
# Nepers under a unit's loudest moment at which its consonant is heard: 43 dB.
_FAINT = 5.0
# Steps kept before the voice sets in where a file has no timings.
_LEAD_STEPS = 16
# Sung notes on one sound: the folder of choirs names them so.
_SUSTAINED = {"aa": "a", "oo": "u", "hum": "n"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A cut and analysed syllable; steps of 5 ms from its beginning.

    ``onset`` is where the vowel begins (it lies on the beat), ``fixed`` the end of what keeps its
    speed, ``joint`` what is cross-faded with the sound before, ``head`` how long before the vowel
    the consonant itself begins.
    """

    label: Label
    recording: Recording
    onset: int
    fixed: int
    joint: int
    head: int

    @property
    def steps(self) -> int:
        """Length."""
        return self.recording.steps


@dataclass(frozen=True, slots=True)
class _Entry:
    label: Label
    timing: oto.Entry


class VoiceBank:
    """One singer at one pitch (or several): units by consonant and vowel."""

    def __init__(self, folder: Path, store: RecordingStore) -> None:
        """Read the bank's timings, or take whole files where it has none."""
        self._folder = folder
        self._store = store
        self._units: dict[int, Unit | None] = {}
        timings = folder / "oto.ini"
        self._timed = timings.exists()
        entries = oto.read(timings) if self._timed else _whole_files(folder)
        parsed = [(entry, parse(entry.alias or entry.path.stem)) for entry in entries]
        self._entries = [_Entry(label, entry) for entry, label in parsed if label is not None]
        if not self._entries:
            msg = f"no syllables in the voice bank {folder}"
            raise ValueError(msg)

    @cached_property
    def _index(self) -> dict[tuple[str, str], list[int]]:
        index: dict[tuple[str, str], list[int]] = {}
        # A fixed order, so that the few that are kept are of all contexts and do not change.
        order = np.random.default_rng(0).permutation(len(self._entries)).tolist()
        for number in order:
            label = self._entries[number].label
            held = index.setdefault((label.consonant, label.vowel), [])
            if label.vowel and len(held) < _MOST_PER_SOUND:
                held.append(number)
        return {key: held for key, held in sorted(index.items()) if held}

    @cached_property
    def consonants(self) -> frozenset[str]:
        """What may begin a syllable of this voice."""
        return frozenset(consonant for consonant, _ in self._index)

    @cached_property
    def paths(self) -> list[Path]:
        """The recordings, each once."""
        return list(dict.fromkeys(entry.timing.path for entry in self._entries))

    @cached_property
    def median_hz(self) -> float:
        """The pitch at which the bank was recorded: the median of some of its units."""
        first = [held[0] for held in self._index.values()]
        some = [self._unit(number) for number in first[:: len(first) // 7 + 1]]
        return float(np.median([u.recording.median_hz for u in some if u is not None] or [220.0]))

    def find(self, before: str, consonant: str, vowel: str, rng: Rng) -> Unit:
        """A unit that says this; the nearest where the bank lacks it.

        What has been analysed before never sways the draw: the same seed sings the same.
        """
        for number in self._candidates(before, consonant, vowel, rng):
            unit = self._unit(number)
            if unit is not None:
                return unit
        msg = f"no usable syllable in the voice bank {self._folder}"
        raise ValueError(msg)

    def _candidates(self, before: str, consonant: str, vowel: str, rng: Rng) -> list[int]:
        fitting = self._index.get((consonant, vowel), [])
        same = [n for n in fitting if self._entries[n].label.before == before]
        others = [n for n in fitting if self._entries[n].label.before != before]
        order = [pick(rng, same)] if same else []
        order += [pick(rng, others)] if others else []
        # Banks of one vowel or few syllables: the vowel counts more than the consonant.
        vowels = [n for (_, v), held in self._index.items() if v == vowel for n in held]
        everything = [n for held in self._index.values() for n in held]
        for pool in (vowels or everything, everything):
            order += [pick(rng, pool) for _ in range(12)]
        return order

    def _unit(self, number: int) -> Unit | None:
        if number not in self._units:
            self._units[number] = self._cut(self._entries[number])
        return self._units[number]

    def _cut(self, entry: _Entry) -> Unit | None:
        timing = entry.timing
        start, end = timing.span(self._store.seconds(timing.path))
        end = min(end, start + _LONGEST_SECONDS)
        if end - start < max(_SHORTEST_SECONDS, timing.consonant + 0.04):
            return None
        part = self._store.get(timing.path, start, end)
        if not self._timed:
            return _from_voicing(entry.label, part)
        fixed = int(timing.consonant / HOP_SECONDS)
        onset = max(1, int(timing.preutterance / HOP_SECONDS))
        vowel = part.pitch_hz[onset:]
        if len(vowel) < 8 or np.mean(vowel > 0) < 0.6:
            return None
        joint = max(2, int(timing.overlap / HOP_SECONDS))
        head = _head(entry.label, part, onset, joint)
        return Unit(entry.label, part, onset, max(fixed, onset + 4), joint, head)


def _head(label: Label, part: Recording, onset: int, joint: int) -> int:
    """Steps from where the consonant is first heard to the vowel."""
    if not label.consonant:
        return 0
    if label.before != "-":
        return max(2, onset - joint)
    loudness = part.envelope.astype(np.float32).max(axis=1)
    heard = np.flatnonzero(loudness[:onset] > np.max(loudness) - _FAINT)
    return onset - int(heard[0]) if heard.size else 2


def _from_voicing(label: Label, whole: Recording) -> Unit | None:
    """A unit whose vowel begins where the voice steadily sounds."""
    voiced = (whole.pitch_hz > 0).astype(np.int64)
    steady = np.flatnonzero(np.convolve(voiced, np.ones(8, np.int64), "valid") == 8)
    if not steady.size or voiced.mean() < 0.3:
        return None
    onset, last = int(steady[0]), int(steady[-1]) + 8
    first = max(0, onset - _LEAD_STEPS)
    if last - onset < 24:
        return None
    return Unit(
        label, whole.between(first, last), onset - first + 1, onset - first + 9, 2, _LEAD_STEPS
    )


def _whole_files(folder: Path) -> list[oto.Entry]:
    """Files of one sung syllable or note each, with timings by rule."""
    entries = []
    for path in sorted(folder.glob("*.opus")):
        alias = _alias(path.stem)
        if alias is not None:
            entries.append(oto.Entry(path, alias, 0.0, 0.1, 0.0, 0.05, 0.02))
    return entries


def _alias(stem: str) -> str | None:
    for part in stem.split("_"):
        if part in _SUSTAINED:
            return "ん" if _SUSTAINED[part] == "n" else _SUSTAINED[part]
        if part.rstrip("2") in _SUSTAINED:
            return _SUSTAINED[part.rstrip("2")]
    match = _WHOLE_FILE_STEM.match(stem)
    return match.group(1) if match else None
