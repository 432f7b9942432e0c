"""The vocal stem: leads, held voices, rap, speech, chant, choirs, crowds, samplers, vocoders."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from pedalboard import NoiseGate

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import (
    production,
    sampled_voices,
    vocal_effects,
    vocal_production,
)
from stemdesk_training.corpus.excitation import excite
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note, Song, chord_part, draw_song
from stemdesk_training.corpus.synthesisers import Patch
from stemdesk_training.corpus.voice import ensemble
from stemdesk_training.corpus.voice.cast import Cast
from stemdesk_training.corpus.voice.languages import Words
from stemdesk_training.corpus.voice.lead import Lead
from stemdesk_training.corpus.voice.line import Syllable, syllables
from stemdesk_training.corpus.voice.manner import Manner
from stemdesk_training.corpus.voice.melodies import Range, flow, tune
from stemdesk_training.corpus.voice.recorded import Delivery, Reader
from stemdesk_training.corpus.voice.singer import Singer
from stemdesk_training.corpus.voice.store import RecordingStore
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    chance,
    fade,
    frames,
    level_to,
    pan,
    pick,
    weighted,
)

_MIX = {
    "train": [("sung", 0.31), ("held", 0.12), ("rap", 0.06), ("speech", 0.1), ("real", 0.1),
              ("chant", 0.02), ("choir", 0.05), ("crowd", 0.02), ("chops", 0.07), ("shots", 0.07),
              ("vocoder", 0.02), ("bed", 0.06)],
    "valid": [("sung", 0.26), ("held", 0.12), ("rap", 0.06), ("speech", 0.14), ("real", 0.18),
              ("choir", 0.05), ("chops", 0.07), ("shots", 0.06), ("bed", 0.06)],
}  # fmt: skip
_RAPPED = [("plain", 0.5), ("pop", 0.15), ("belt", 0.2), ("breathy", 0.08), ("whisper", 0.07)]
_SPECIAL = {"chops": 0.35, "vocoder": 0.25, "sung": 0.12, "rap": 0.12, "speech": 0.12}
# How often a lead is several takes to the sides.
_UNISON = 0.15
_Layer = Callable[[], Audio]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all layers of a segment share."""

    song: Song
    seconds: float
    style: str


class VocalStem:
    """Draws vocal segments of a split."""

    def __init__(
        self, audio_root: Path, split: str, shelf: SampleShelf, cache: Path | None = None
    ) -> None:
        """Index voices and speech under ``audio_root``.

        ``cache`` keeps their analyses (the user's cache folder by default): without it the first
        segments take many times as long as later ones.
        """
        store = RecordingStore(shelf, cache)
        self._split = split
        self._cast = Cast(audio_root, split, store)
        self._lead = Lead(self._cast, shelf)
        self._speech = Reader(store, self._cast.speakers)
        self._real = Reader(store, self._cast.sung)
        self._chant = Reader(store, self._cast.chant)

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` and the name of its source."""
        source = weighted(rng, _MIX[self._split])
        return self.make(source, seconds, rng), f"vocals/{source}"

    def make(self, source: str, seconds: float, rng: Rng) -> Audio:
        """One produced segment of a source, see ``_MIX``."""
        makers: dict[str, Callable[[_Scene, Rng], Audio]] = {
            "sung": self._sung,
            "held": self._held,
            "rap": self._rap,
            "speech": self._spoken,
            "real": lambda scene, r: self._recorded(self._real, scene, r, sung=True),
            "chant": lambda scene, r: self._recorded(self._chant, scene, r, sung=True),
            "choir": self._choir,
            "crowd": self._crowd,
            "chops": self._chops,
            "shots": self._shots,
            "vocoder": self._vocoder,
            "bed": self._bed,
        }
        style = weighted(rng, vocal_production.STYLES)
        scene = _Scene(draw_song(rng, seconds), seconds, style)
        out = makers[source](scene, rng)
        if chance(rng, _SPECIAL.get(source, 0.05)):
            out = vocal_effects.special(rng, out, scene.song.beat_seconds)
        return level_to(fade(out, 0.005, 0.02), -18.0)

    def _sung(self, scene: _Scene, rng: Rng) -> Audio:
        singer, home = self._lead.singer(rng)
        song, seconds = scene.song, scene.seconds
        notes = _within(tune(rng, song, Range(home)), seconds)
        words = syllables(notes, Words(rng, singer.bank.consonants), rng)
        part = ensemble.Part(notes, words)
        if chance(rng, _UNISON):
            # Nothing in the middle but what the takes share.
            sound = ensemble.doubles(part, singer, seconds, rng)
        else:
            lead = singer.sing(notes, words, seconds, rng)
            lead = self._lead.breathing(lead, words, rng)
            sound = pan(lead, float(rng.normal(0, 0.06)))
        out = self._produced(sound, scene, rng)
        layers: list[tuple[float, _Layer]] = [
            (0.3, lambda: ensemble.doubles(part, singer, seconds, rng)),
            (0.28, lambda: ensemble.harmonies(part, singer, song, seconds, rng)),
            (0.1, lambda: ensemble.choir(singer.bank, song, seconds, rng)),
            (0.12, lambda: self._adlibs(scene, singer, home, words, rng)),
        ]
        for probability, make in layers:
            if chance(rng, probability):
                layer = self._produced(make(), scene, rng, "backing")
                out += layer * np.float32(rng.uniform(0.2, 0.9))
        return out

    def _held(self, scene: _Scene, rng: Rng) -> Audio:
        """Long notes that leave no rest, of one voice or several: as smooth as a pad, yet sung."""
        singer, home = self._lead.singer(rng)
        song, seconds = scene.song, scene.seconds
        melody = _within(tune(rng, song, Range(home, 6.0), pick(rng, ("held", "slow"))), seconds)
        notes = _joined(melody, seconds)
        words = syllables(
            notes, Words(rng, singer.bank.consonants), rng, float(rng.uniform(0, 0.6))
        )
        if chance(rng, 0.3):
            words = ensemble.on_vowel(words, pick(rng, ("a", "o", "u", "e")))
        out = pan(singer.sing(notes, words, seconds, rng), float(rng.normal(0, 0.06)))
        part = ensemble.Part(notes, words)
        if chance(rng, 0.4):
            out += ensemble.doubles(part, singer, seconds, rng) * np.float32(rng.uniform(0.3, 0.9))
        if chance(rng, 0.4):
            beside = ensemble.harmonies(part, singer, song, seconds, rng)
            out += beside * np.float32(rng.uniform(0.3, 0.9))
        if chance(rng, 0.4):
            out = osc.lowpass(out, float(rng.uniform(2500.0, 8000.0)))
        style = pick(rng, (scene.style, "ballad", "dreamy", "electronic", "backing"))
        return self._produced(out, scene, rng, style)

    def _adlibs(
        self, scene: _Scene, singer: Singer, home: float, words: list[Syllable], rng: Rng
    ) -> Audio:
        """A few short runs where the lead rests or holds."""
        notes = [
            Note(n.start, n.length, n.pitch, n.velocity)
            for n in tune(rng, scene.song, Range(home + 4), "busy")
            if chance(rng, 0.35) and n.start < scene.seconds - 0.3
        ]
        said = syllables(notes, Words(rng, singer.bank.consonants), rng)
        busy = [(w.start, w.end) for w in words]
        free = [w for w in said if all(w.end < a or w.start > b - 0.1 for a, b in busy)]
        some = free or said[::3]
        return pan(singer.sing(notes, some, scene.seconds, rng), float(rng.uniform(-1, 1)))

    def _rap(self, scene: _Scene, rng: Rng) -> Audio:
        """Syllables of a bank with a speaker's contour on the beat."""
        singer, home = self._lead.singer(rng)
        manner = Manner.drawn(rng, weighted(rng, _RAPPED))
        singer = Singer(singer.bank, singer.tract, manner)
        notes = _within(flow(rng, scene.song), scene.seconds)
        words = syllables(notes, Words(rng, singer.bank.consonants), rng, 0.05)
        low, lively = home - float(rng.uniform(0, 7)), float(rng.uniform(1, 5))
        lead = singer.speak(words, low, lively, scene.seconds, rng)
        out = self._produced(pan(self._lead.breathing(lead, words, rng)), scene, rng)
        if chance(rng, 0.4):
            # Shouted doubles on the last word of some lines.
            ends = [w for w, after in pairwise(words) if not after.joined or chance(rng, 0.1)]
            double = singer.speak(ends, low + 2, lively, scene.seconds, rng)
            late = np.pad(double, (frames(0.018), 0))[: len(double)]
            sides = np.stack([double, late]).astype(np.float32)
            out += self._produced(sides, scene, rng, "backing") * np.float32(rng.uniform(0.3, 0.9))
        return out

    def _spoken(self, scene: _Scene, rng: Rng) -> Audio:
        return self._recorded(self._speech, scene, rng, sung=False)

    def _recorded(self, who: Reader, scene: _Scene, rng: Rng, *, sung: bool) -> Audio:
        delivery = Delivery.drawn(rng, sung=sung)
        said = who.say(scene.seconds, scene.song, delivery, rng)
        out = self._produced(pan(said, float(rng.normal(0, 0.08))), scene, rng)
        if chance(rng, 0.2):
            # Another take of the same kind to one side, as ad-libs are.
            other = who.say(scene.seconds, scene.song, Delivery.drawn(rng, sung=sung), rng)
            aside = self._produced(pan(other, float(rng.uniform(-1, 1))), scene, rng, "backing")
            out += aside * np.float32(rng.uniform(0.2, 0.6))
        return out

    def _choir(self, scene: _Scene, rng: Rng) -> Audio:
        bank = self._cast.choir(rng)
        sound = ensemble.choir(bank, scene.song, scene.seconds, rng)
        return self._produced(sound, scene, rng, "backing")

    def _crowd(self, scene: _Scene, rng: Rng) -> Audio:
        banks = [self._cast.bank(rng) for _ in range(3)]
        sound = ensemble.crowd(banks, scene.song, scene.seconds, rng)
        return self._produced(sound, scene, rng, "live")

    def _vocoder(self, scene: _Scene, rng: Rng) -> Audio:
        """Chords of a synthesiser that speak: the robot voice of electronic music."""
        delivery = Delivery.drawn(rng, sung=False, style="natural")
        voice = self._speech.say(scene.seconds, scene.song, delivery, rng)
        chords = chord_part(rng, scene.song, int(rng.integers(40, 58)))
        carrier = Patch(rng, "supersaw").play(chords, scene.seconds).mean(axis=0)
        hiss = rng.standard_normal(len(voice), dtype=np.float32) * np.float32(0.01)
        robot = excite(voice, np.asarray(carrier + hiss, dtype=np.float32))
        # A vocoder passes sibilants: without them no word is understood.
        sound = pan(osc.highpass(robot, 90.0) + np.float32(0.3) * osc.highpass(voice, 5000.0))
        return self._produced(sound, scene, rng)

    def _chops(self, scene: _Scene, rng: Rng) -> Audio:
        """A few syllables re-pitched by speed and thrown on a grid, as samplers do."""
        singer, home = self._lead.singer(rng)
        words = Words(rng, singer.bank.consonants)
        pieces = []
        for _ in range(int(rng.integers(2, 5))):
            note = Note(0.3, float(rng.uniform(0.3, 1.2)), round(home), 95)
            clip = singer.sing([note], syllables([note], words, rng), 1.8, rng)
            pieces.append(clip[frames(0.15) :])
        out = sampled_voices.chopped(pieces, scene.song, scene.seconds, rng)
        return self._produced(out, scene, rng, "electronic")

    def _shots(self, scene: _Scene, rng: Rng) -> Audio:
        """A few words of a record or a film, fired by a sampler."""
        sung = chance(rng, 0.45)
        who = self._real if sung else self._speech
        said = who.say(min(scene.seconds, 8.0), scene.song, Delivery.drawn(rng, sung=sung), rng)
        out = sampled_voices.fired(said, scene.song, scene.seconds, rng)
        return self._produced(out, scene, rng)

    def _bed(self, scene: _Scene, rng: Rng) -> Audio:
        """A voice looped by a sampler into chords that hold or swell, mostly with words over it."""
        singer, home = self._lead.singer(rng)
        note = Note(0.1, 1.6, round(home), 95)
        words = syllables([note], Words(rng, singer.bank.consonants), rng)
        words = ensemble.on_vowel(words, pick(rng, ("a", "o", "u", "e")))
        vowel = singer.sing([note], words, 1.8, rng)[frames(0.4) : frames(1.4)]
        make = sampled_voices.swells if chance(rng, 0.4) else sampled_voices.bed
        sound = make(vowel, note.pitch, scene.song, scene.seconds, rng)
        style = pick(rng, ("dreamy", "electronic", "backing", "dry"))
        out = self._produced(sound, scene, rng, style)
        if chance(rng, 0.75):
            out *= np.float32(rng.uniform(0.2, 1.5))
            out += pick(rng, (self._rap, self._shots, self._spoken, self._sung))(scene, rng)
        return out

    @staticmethod
    def _produced(dry: Audio, scene: _Scene, rng: Rng, style: str | None = None) -> Audio:
        """Gate, level and chain of one layer."""
        levelled = level_to(dry, -18.0)
        # Voice banks carry a noise floor near -44 dB.
        gated = production.run([NoiseGate(-46.0, 3.0, 1.0, 120.0)], levelled)
        beat = scene.song.beat_seconds
        return vocal_production.vocal_chain(rng, gated, style or scene.style, beat)


def _within(notes: list[Note], seconds: float) -> list[Note]:
    return [n for n in notes if n.start < seconds - 0.15 and n.length > 0.06]


def _joined(notes: list[Note], seconds: float) -> list[Note]:
    """Each note lasts until the next begins, the last to the end; without notes nothing does."""
    return [
        Note(note.start, end - note.start, note.pitch, note.velocity)
        for note, end in zip(notes, [*(n.start for n in notes[1:]), seconds], strict=False)
    ]
