"""Recorded phrases as vocals: read speech and real singing, in another voice, rhythm or melody."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus.score import Note, Song
from stemdesk_training.corpus.voice import pitch, retiming
from stemdesk_training.corpus.voice.grains import render_grains
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.melodies import Range, tune
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.voice.synthesis import render
from stemdesk_training.corpus.voice.track import Passage, Track, lay
from stemdesk_training.corpus.voice.tract import UNLIKE, Tract
from stemdesk_training.corpus.voice.world import HOP_SECONDS, Mono, Recording
from stemdesk_training.corpus.waveform import RATE_HZ, Rng, chance, frames, pick, weighted

_LONGEST_SECONDS = 6.0
_SPEECH = (("plain", 0.14), ("natural", 0.26), ("rap", 0.26), ("melodic", 0.14), ("whisper", 0.08),
           ("shout", 0.08), ("robot", 0.04))  # fmt: skip
_SINGING = (("plain", 0.35), ("natural", 0.4), ("corrected", 0.17), ("whisper", 0.03),
            ("shout", 0.05))  # fmt: skip
Contour = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How phrases are said: drawn once per line.

    ``style`` is plain (as recorded), natural, rap (on the beat), melodic (on notes), corrected
    (pitch snapped to the scale), whisper, shout or robot (one pitch).
    """

    style: str
    speed: float
    semitones: float
    intonation: float
    tract: Tract
    manner: Manner
    grains: bool

    @classmethod
    def drawn(cls, rng: Rng, *, sung: bool, style: str | None = None) -> "Delivery":
        """Sung recordings stay closer to themselves than speech does."""
        chosen = style or weighted(rng, _SINGING if sung else _SPEECH)
        shift = float(rng.normal(0, 2.0 if sung else 3.5))
        if not sung and chance(rng, 0.25):
            # Most of the speakers are women: make men of some.
            shift -= float(rng.uniform(5, 10))
        # Another singer: head and pitch go together, but not strictly.
        head = float(np.clip(np.exp(rng.normal(0.012 * shift, 0.08)), 0.76, 1.32))
        shift += {"shout": 5.0, "rap": 1.0}.get(chosen, 0.0)
        spread = {"rap": (0.2, 1.2), "robot": (0.0, 0.0), "natural": (0.6, 1.7)}
        low, high = (0.85, 1.1) if sung else spread.get(chosen, (0.8, 1.2))
        inner = {"whisper": "whisper", "shout": "belt", "corrected": "tuned", "melodic": None}
        return cls(
            style=chosen,
            speed=float(rng.uniform(0.88, 1.15) if sung else rng.uniform(0.9, 1.35)),
            semitones=shift,
            intonation=float(rng.uniform(low, high)),
            tract=Tract.drawn(rng, head, float(rng.uniform(*UNLIKE))),
            manner=Manner.drawn(rng, inner.get(chosen, "plain")),
            grains=chosen in {"natural", "rap", "corrected", "melodic"} and chance(rng, 0.45),
        )


def phrases(audio: Mono, gap_seconds: float = 0.12) -> list[tuple[int, int]]:
    """Spans in frames between pauses; what is longer than 6 s is cut at its softest point."""
    block = frames(0.01)
    count = len(audio) // block
    if count < 10:
        return []
    level = np.sqrt(np.mean(np.square(audio[: count * block].reshape(count, block)), axis=1))
    loud = level > 0.06 * np.percentile(level, 95)
    closed = ndimage.binary_closing(np.pad(loud, 30), iterations=int(gap_seconds / 0.02))[30:-30]
    labels, found = ndimage.label(closed)
    spans = []
    for places in ndimage.find_objects(labels, found):
        begin, end = max(0, places[0].start - 2), min(count, places[0].stop + 5)
        while (end - begin) * 0.01 > _LONGEST_SECONDS:
            first, last = begin + 200, begin + int(_LONGEST_SECONDS * 100)
            cut = first + int(np.argmin(level[first : min(last, end - 30)]))
            spans.append((begin * block, cut * block))
            begin = cut
        spans.append((begin * block, end * block))
    return [(begin, end) for begin, end in spans if end - begin > frames(0.15)]


class Reader:
    """Recordings of several people, read phrase by phrase."""

    def __init__(self, store: RecordingStore, groups: list[list[Path]]) -> None:
        """``groups`` holds the files of each person."""
        self._store = store
        self._groups = groups
        self._phrases: dict[Path, list[tuple[int, int]]] = {}

    def say(self, seconds: float, song: Song, delivery: Delivery, rng: Rng) -> Mono:
        """Fill a segment with phrases of one person, with pauses; mono ``[frames]``."""
        out = np.zeros(frames(seconds), dtype=np.float32)
        group = pick(rng, self._groups)
        now = float(rng.uniform(0, 0.6))
        pause = float(rng.choice([0.1, 0.3, 0.8]))
        for recording in self._phrases_of(group, 1.5 * seconds, rng):
            clip = deliver(recording, delivery, song, now, rng)
            start = frames(now)
            stop = min(len(out), start + len(clip))
            out[start:stop] += clip[: max(0, stop - start)]
            now += len(clip) / RATE_HZ + float(rng.exponential(pause))
            if now >= seconds - 0.25:
                break
        return out

    def _phrases_of(self, group: list[Path], enough: float, rng: Rng) -> list[Recording]:
        """At least ``enough`` seconds of phrases, some in a row from each file drawn."""
        found: list[Recording] = []
        total = 0.0
        while total < enough:
            path = pick(rng, group)
            if path not in self._phrases:
                self._phrases[path] = phrases(self._store.sound(path))
            spans = self._phrases[path]
            if not spans:
                continue
            first = int(rng.integers(len(spans)))
            for begin, end in spans[first : first + 8]:
                found.append(self._store.get(path, begin / RATE_HZ, end / RATE_HZ))
                total += max(0.3, (end - begin) / RATE_HZ)
        return found


def deliver(recording: Recording, delivery: Delivery, song: Song, now: float, rng: Rng) -> Mono:
    """One phrase in a manner, beginning ``now`` seconds into the song; mono."""
    if delivery.style == "plain" or recording.median_hz <= 0:
        return _edged(recording.audio)
    place, wait, notes = _timing(recording, delivery, song, now, rng)
    if len(place) < 8:
        return _edged(recording.audio)
    steps = wait + len(place)
    reading = np.concatenate([np.zeros(wait), place])
    contour = pitch.to_hz(_melody(recording, reading, delivery, song, notes, rng))
    passage = Passage(recording, wait, place, 1, 1.0, 4, delivery.tract.scale)
    if delivery.grains:
        ones = np.ones(steps, dtype=np.float32)
        return _edged(render_grains([passage], contour, ones, delivery.tract.scale))
    track = Track.empty(steps)
    lay(track, passage)
    manner = delivery.manner
    tilt_db = np.full(steps, manner.effort_db, dtype=np.float32)
    return _edged(render(track, contour, delivery.tract, manner.source, rng, tilt_db))


def _edged(audio: Mono) -> Mono:
    ramp = np.clip(np.arange(len(audio)) / 220, 0, 1)
    return (audio * ramp * ramp[::-1]).astype(np.float32)


def _timing(
    recording: Recording, delivery: Delivery, song: Song, now: float, rng: Rng
) -> tuple[Contour, int, list[Note]]:
    """Which step to read when, steps to wait for the beat, and the notes of a melodic delivery."""
    count = int(recording.steps / delivery.speed)
    steady = np.arange(count, dtype=np.float64) * delivery.speed
    if delivery.style not in {"rap", "melodic"}:
        return steady, 0, []
    onsets = retiming.vowel_onsets(recording)
    if len(onsets) < 2:
        return steady, 0, []
    spacing = float(np.median(np.diff(onsets))) * HOP_SECONDS / delivery.speed
    slower = 1.6 if delivery.style == "melodic" else 1.0
    divisions = np.array([1.0, 2.0, 3.0, 4.0, 6.0])
    grids = song.beat_seconds / divisions
    grid = float(grids[np.argmin(np.abs(np.log(grids / (spacing * slower))))])
    targets = retiming.on_grid(onsets, grid, delivery.speed / slower)
    # The first vowel falls on a grid line of the song.
    lead = onsets[0] * HOP_SECONDS / delivery.speed
    late = -(now + lead) % grid
    place = retiming.warp(onsets, targets, recording.steps, delivery.speed)
    notes = _notes(targets, lead + late, recording.median_hz, delivery, song, rng)
    return place, round(late / HOP_SECONDS), notes


def _notes(
    targets: Contour, first: float, median_hz: float, delivery: Delivery, song: Song, rng: Rng
) -> list[Note]:
    """A note per syllable, of a melody near the voice's pitch."""
    if delivery.style != "melodic":
        return []
    middle = 69 + 12 * np.log2(median_hz / 440) + delivery.semitones + 3
    melody = tune(rng, song, Range(float(middle), 7.0), "pop")
    if not melody:
        return []
    starts = first + targets * HOP_SECONDS
    ends = np.append(starts[1:], starts[-1] + 0.4)
    return [
        Note(float(start), float(end - start), melody[index % len(melody)].pitch)
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _melody(
    recording: Recording,
    place: Contour,
    delivery: Delivery,
    song: Song,
    notes: list[Note],
    rng: Rng,
) -> Contour:
    """Pitch in semitones for every step of the output."""
    if notes:
        return pitch.sung(notes, len(place), delivery.manner, rng)
    voiced = np.flatnonzero(recording.pitch_hz > 0)
    known = np.interp(np.arange(recording.steps), voiced, recording.pitch_hz[voiced])
    middle = 69 + 12 * np.log2(recording.median_hz / 440)
    own = 69 + 12 * np.log2(np.maximum(known, 20.0) / 440)
    at = np.interp(place, np.arange(recording.steps), own)
    moved = middle + delivery.semitones + (at - middle) * delivery.intonation
    if delivery.style == "corrected":
        snapped = pitch.quantised(ndimage.gaussian_filter1d(moved, 8.0), song.key, song.scale)
        return np.asarray(ndimage.gaussian_filter1d(snapped, 1.0), dtype=np.float64)
    return np.asarray(moved, dtype=np.float64)
