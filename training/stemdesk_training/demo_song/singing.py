"""The singer: pitch and loudness contours of phrases, breaths, takes."""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import RATE_HZ, Rng, add_at, db, frames
from stemdesk_training.demo_song import score
from stemdesk_training.demo_song.parts import Sung
from stemdesk_training.demo_song.voice import HOP_SECONDS, Slot, Steps, VoiceBank, synthesise

_GLIDE_SECONDS = 0.085
_VIBRATO_FROM_SECONDS = 0.42
# The bank's breaths, and where in each the breath ends, in seconds.
_BREATHS = (("brlo1", 0.82), ("brmi1", 0.86), ("brsh3", 0.55))
_BREATH_DB = -44.0


@dataclass(frozen=True, slots=True)
class Take:
    """How one take is sung.

    ``late_seconds`` moves the take, ``loose_seconds`` is how far single notes stray, ``cents`` how
    far the tuning wanders; ``vibrato_cents`` is the depth of the vibrato.
    """

    seed: int
    late_seconds: float = 0.0
    loose_seconds: float = 0.004
    cents: float = 5.0
    vibrato_cents: float = 38.0
    formant: float = 1.0
    breaths: bool = False


def aliases(words: list[str]) -> list[str]:
    """Names in the bank: each syllable with the vowel it follows, the first with silence."""
    before = "-"
    names = []
    for word in words:
        names.append(f"{before} {score.KANA[word]}")
        before = word[-1]
    return names


def pitch_contour(notes: list[Note], now: Steps, take: Take, rng: Rng) -> Steps:
    """Pitch in Hz at the times ``now``: glides, a scoop, late vibrato, drift, a falling end."""
    pitch = np.full(len(now), float(notes[0].pitch))
    for before, note in itertools.pairwise(notes):
        place = np.clip((now - note.start + 0.65 * _GLIDE_SECONDS) / _GLIDE_SECONDS, 0, 1)
        pitch += (note.pitch - before.pitch) * place * place * (3 - 2 * place)
    rate = 5.6 + 0.25 * ndimage.gaussian_filter1d(rng.standard_normal(len(now)), 40) * 9
    turns = np.cumsum(rate) * HOP_SECONDS + rng.random()
    depth = np.zeros(len(now))
    for note in notes:
        if note.length < _VIBRATO_FROM_SECONDS:
            continue
        since = now - note.start
        ramp = np.clip((since - 0.2) / 0.35, 0, 1) * np.clip((note.length - since) / 0.08, 0, 1)
        depth = np.maximum(depth, ramp * min(1.0, 0.55 + 0.5 * note.length))
    drift = ndimage.gaussian_filter1d(rng.standard_normal(len(now)), 24) * 9.2
    flutter = ndimage.gaussian_filter1d(rng.standard_normal(len(now)), 2) * 2.6
    cents = take.vibrato_cents * depth * np.sin(2 * np.pi * turns)
    cents += take.cents * drift + 1.5 * flutter
    cents -= 70.0 * np.exp(-np.maximum(now - notes[0].start, 0) / 0.045)
    end = notes[-1].start + notes[-1].length
    cents -= 45.0 * np.clip((now - end + 0.05) / 0.15, 0, 1)
    return np.asarray(440.0 * 2.0 ** ((pitch + cents / 100 - 69.0) / 12.0), dtype=np.float64)


def loudness_contour(notes: list[Note], now: Steps) -> Steps:
    """Amplitude at the times ``now``: the phrase's arch, swells on long notes, a soft end."""
    start, end = notes[0].start, notes[-1].start + notes[-1].length
    across = np.clip((now - start) / (end - start), 0, 1)
    level = 1.6 * np.sin(np.pi * across) - 0.8
    for index, note in enumerate(notes):
        inside = np.clip((now - note.start) / note.length, 0, 1)
        within = (now >= note.start) & (now < note.start + note.length)
        if note.length > _VIBRATO_FROM_SECONDS:
            level += within * 1.8 * np.sin(np.pi * inside**0.8)
        # High notes take more breath; every second eighth is lighter.
        level += within * (0.18 * (note.pitch - 67) - 0.5 * (index % 2))
    level = ndimage.gaussian_filter1d(level, 5)
    # A long last note dies away, a short one is left.
    away = 0.11 + 0.15 * notes[-1].length
    release = np.clip((end + 0.03 - now) / away, 0, 1)
    shape = 0.5 - 0.5 * np.cos(np.pi * release)
    return np.asarray(10 ** (level / 20) * shape * (notes[0].velocity / 100), dtype=np.float64)


class Singer:
    """Sings phrases with one bank; every take is repeatable by its seed."""

    def __init__(self, folder: Path, shelf: SampleShelf) -> None:
        """Open the bank."""
        self._folder = folder
        self._shelf = shelf
        self.bank = VoiceBank(folder, shelf)

    def sing(self, phrases: list[list[Sung]], seconds: float, take: Take) -> NDArray[np.float32]:
        """All phrases of a take; mono ``[frames]``, vowels near -20 dBFS."""
        out = np.zeros(frames(seconds), dtype=np.float32)
        for index, phrase in enumerate(phrases):
            # Seeded by the phrase, not its number: an excerpt sings as the whole does.
            rng = np.random.default_rng([take.seed, phrase[0].note.pitch, len(phrase)])
            begin, wave = self._phrase(phrase, take, rng)
            add_at(out, wave, round(begin * RATE_HZ))
            if take.breaths:
                self._breathe(out, begin, phrase, index)
        return out

    def _phrase(
        self, phrase: list[Sung], take: Take, rng: Rng
    ) -> tuple[float, NDArray[np.float32]]:
        notes = []
        for sung in phrase:
            stray = float(np.clip(rng.normal(0, take.loose_seconds), -0.03, 0.03))
            note = sung.note
            start = note.start + take.late_seconds + stray
            notes.append(Note(start, note.length, note.pitch, note.velocity))
        names = aliases([sung.word for sung in phrase])
        slots = [
            Slot(
                name, note.start, note.start + note.length, name[0] != "-" and sung.word in "aiueo"
            )
            for name, note, sung in zip(names, notes, phrase, strict=True)
        ]
        blend = self.bank.blend(slots)
        now = blend.times
        wave = synthesise(blend, pitch_contour(notes, now, take, rng), take.formant)
        places = blend.begin + np.arange(len(wave)) / RATE_HZ
        loud = np.interp(places, now, loudness_contour(notes, now))
        return blend.begin, np.asarray(wave * loud, dtype=np.float32)

    def _breathe(
        self, out: NDArray[np.float32], begin: float, phrase: list[Sung], index: int
    ) -> None:
        """A breath that ends where the phrase begins, faded in where there is little room."""
        name, end = _BREATHS[index % len(_BREATHS)]
        first = self.bank.syllable(aliases([phrase[0].word])[0])
        voice_at = begin + 0.45 * first.onset
        breath = self._shelf.get(self._folder / f"{name}.opus")[0][: frames(end)]
        room = min(len(breath), frames(0.42), max(0, round((voice_at - 0.02) * RATE_HZ)))
        if room < frames(0.1):
            return
        breath = breath[-room:]
        ramp = np.clip(np.arange(room) / (0.35 * room), 0, 1) ** 2
        tail = np.clip((room - np.arange(room)) / frames(0.03), 0, 1)
        rms = float(np.sqrt(np.mean(np.square(breath)) + 1e-12))
        gain = db(_BREATH_DB) / rms
        add_at(out, breath * ramp * tail * gain, round(voice_at * RATE_HZ) - room)
