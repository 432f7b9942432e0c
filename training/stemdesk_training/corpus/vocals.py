"""The vocal stem: sung banks, speech, chant, choirs, chops, and a lead-vocal chain."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from pedalboard import NoiseGate

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import production
from stemdesk_training.corpus.excitation import excite, whisper
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note, Song, chord_part, draw_song, melody
from stemdesk_training.corpus.singing import Manner, choir, lyrics, sing
from stemdesk_training.corpus.spoken import Delivery, Speakers
from stemdesk_training.corpus.synthesisers import Patch
from stemdesk_training.corpus.voice_banks import CHOIRS, SINGERS, Singer, trimmed
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    fade,
    frames,
    level_to,
    pan,
    pick,
    silence,
    weighted,
)

_SPEAKERS = {
    "train": ("rhasspy_kathleen_en", "rhasspy_nathalie_nl", "rhasspy_flemishguy_nl"),
    "valid": ("rhasspy_kerstin_de",),
}
# Real singing, one group per singer. Pockettorah ends near 8 kHz and is drawn seldom.
_REAL = {
    "train": (
        "veromary_repleatur/*.opus",
        "veromary_repleatur/*.opus",
        "oatsu_singing/antagata_dokosa/*.opus",
        "sms_tools_ccby/sounds/singing-female.opus",
        "sms_tools_ccby/sounds/vignesh.opus",
        "solfege_samples/samples/chengu/songs/*.opus",
        "solfege_samples/samples/jennifer/songs/*.opus",
    ),
    "valid": ("nit_song070_029/*.opus", "vocadito_basicpitch/tests/resources/*.opus"),
}
_BREATHS = {
    "train": (
        "alys_db_001_ja/breaths/*.opus",
        "scottpoid_ja/_*吸.opus",
        "utsu_iona_beta/**/breath.opus",
    ),
    "valid": (),
}
_CHANT = "pockettorah/*.mp3"
_MIX = {
    "train": [("sung", 0.46), ("spoken", 0.28), ("real", 0.1), ("chant", 0.03), ("choir", 0.04),
              ("chops", 0.05), ("vocoder", 0.04)],
    "valid": [("sung", 0.42), ("spoken", 0.3), ("real", 0.25), ("chops", 0.03)],
}  # fmt: skip


class VocalStem:
    """Draws vocal segments of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index voices and speech under ``audio_root``."""
        voices = audio_root / "voices"
        self._split = split
        self._shelf = shelf
        self._folders = [(voices / name, weight) for name, weight in SINGERS[split].items()]
        self._choirs = [voices / name for name in CHOIRS[split]]
        self._singers: dict[Path, Singer] = {}
        spoken = [sorted((audio_root / "speech" / n).glob("*.opus")) for n in _SPEAKERS[split]]
        self._breaths = sorted(path for pattern in _BREATHS[split] for path in voices.glob(pattern))
        self._speech = Speakers(shelf, spoken)
        self._real = Speakers(shelf, [sorted(voices.glob(pattern)) for pattern in _REAL[split]])
        self._chant = Speakers(shelf, [[path] for path in sorted(voices.glob(_CHANT))])

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` and the name of its source."""
        song = draw_song(rng, seconds)
        source = weighted(rng, _MIX[self._split])
        makers = {
            "sung": self._sung,
            "spoken": lambda *a: self._said(self._speech, *a, sung=False),
            "real": lambda *a: self._said(self._real, *a, sung=True),
            "chant": lambda *a: self._said(self._chant, *a, sung=True),
            "choir": self._choir,
            "chops": self._chops,
            "vocoder": self._vocoder,
        }
        dry = level_to(makers[source](song, seconds, rng), -18.0)
        # Voice banks carry a noise floor near -44 dB.
        gated = production.run([NoiseGate(-46.0, 3.0, 1.0, 120.0)], dry)
        produced = production.vocal_chain(rng, gated)
        return level_to(fade(produced, 0.005, 0.02), -18.0), f"vocals/{source}"

    def _singer(self, folder: Path) -> Singer:
        if folder not in self._singers:
            self._singers[folder] = Singer(folder, self._shelf)
        return self._singers[folder]

    def _tune(self, song: Song, seconds: float, singer: Singer, rng: Rng) -> list[Note]:
        home = singer.draw(rng).voice.median_hz
        around = round(69 + 12 * np.log2(home / 440) - 6 + rng.normal(0, 2.5))
        tune = melody(rng, song, around, float(rng.uniform(0.1, 0.75)))
        return [n for n in tune if n.start < seconds - 0.15 and n.length > 0.07]

    def _sung(self, song: Song, seconds: float, rng: Rng) -> Audio:
        singer = self._singer(weighted(rng, self._folders))
        notes = self._tune(song, seconds, singer, rng)
        words = lyrics(notes, singer, rng)
        manner = Manner.drawn(rng)
        lead = self._breathing(sing(notes, words, seconds, manner, rng), notes, rng)
        if chance(rng, 0.25):
            lead += whisper(lead, rng) * np.float32(rng.uniform(0.1, 0.8))
        out = pan(lead, float(rng.normal(0, 0.1)))
        if chance(rng, 0.3):
            doubles = [sing(notes, words, seconds, manner, rng) for _ in range(2)]
            out += choir(doubles, rng) * np.float32(rng.uniform(0.3, 0.8))
        if chance(rng, 0.25):
            up = int(rng.choice([-12, -5, 3, 4, 7, 12]))
            other = [Note(n.start, n.length, n.pitch + up, n.velocity) for n in notes]
            harmony = [sing(other, words, seconds, manner, rng)]
            out += choir(harmony, rng) * np.float32(rng.uniform(0.3, 0.8))
        return out

    def _breathing(self, lead: osc.Mono, notes: list[Note], rng: Rng) -> osc.Mono:
        """Add breaths before phrases that follow a rest."""
        if not self._breaths or chance(rng, 0.4):
            return lead
        level = float(rng.uniform(0.05, 0.4)) * float(np.max(np.abs(lead), initial=0.0))
        for before, note in pairwise(notes):
            if note.start - before.start - before.length < 0.3 or chance(rng, 0.3):
                continue
            breath = trimmed(self._shelf.get(pick(rng, self._breaths))[0])[: frames(0.6)]
            gain = level / float(np.max(np.abs(breath), initial=1e-3))
            add_at(lead, breath, frames(note.start - 0.1) - len(breath), gain)
        return lead

    def _vocoder(self, song: Song, seconds: float, rng: Rng) -> Audio:
        """Speech or chords of a synthesiser that speak: the robot voice of electronic music."""
        delivery = Delivery("natural", float(rng.uniform(0.9, 1.2)), 0.0, 1.0, 1.0)
        voice = self._speech.say(seconds, song, delivery, rng)
        chords = chord_part(rng, song, int(rng.integers(40, 58)))
        carrier = Patch(rng, "supersaw").play(chords, seconds).mean(axis=0)
        hiss = rng.standard_normal(len(voice), dtype=np.float32) * np.float32(0.01)
        robot = excite(voice, np.asarray(carrier + hiss, dtype=np.float32))
        # A vocoder passes sibilants: without them no word is understood.
        return pan(robot + np.float32(0.3) * osc.highpass(voice, 5000.0))

    @staticmethod
    def _said(who: Speakers, song: Song, seconds: float, rng: Rng, *, sung: bool) -> Audio:
        delivery = Delivery.drawn(rng, sung=sung)
        out = pan(who.say(seconds, song, delivery, rng), float(rng.normal(0, 0.1)))
        if chance(rng, 0.15):
            # Another take of the same voice to one side, as ad-libs are.
            second = who.say(seconds, song, Delivery.drawn(rng, sung=sung), rng)
            out += pan(second, float(rng.uniform(-1, 1))) * np.float32(rng.uniform(0.2, 0.7))
        return out

    def _choir(self, song: Song, seconds: float, rng: Rng) -> Audio:
        singer = self._singer(pick(rng, self._choirs))
        manner = Manner.drawn(rng)
        parts = []
        for voice in range(int(rng.integers(2, 5))):
            notes = [
                Note(bar * song.bar_seconds, song.bar_seconds * 0.95, chord[voice % 3], 90)
                for bar in range(song.bars)
                if bar * song.bar_seconds < seconds - 0.5
                for chord in [song.chord(bar, 55 + 12 * (voice // 3))]
            ]
            parts.append(sing(notes, lyrics(notes, singer, rng), seconds, manner, rng))
        return choir(parts, rng)

    def _chops(self, song: Song, seconds: float, rng: Rng) -> Audio:
        """A few syllables re-pitched by speed and thrown on a grid, as samplers do."""
        singer = self._singer(weighted(rng, self._folders))
        pieces = [singer.draw(rng).voice.audio for _ in range(int(rng.integers(2, 5)))]
        out = silence(seconds)
        grid = song.beat_seconds / float(rng.choice([1, 2, 2, 4]))
        steps = [0, 0, *(s for s in song.scale[:5]), -5, 7, 12]
        for tick in range(int(seconds / grid)):
            if chance(rng, 0.4):
                continue
            ratio = 2 ** (pick(rng, steps) / 12)
            clip = change_speed(pan(pick(rng, pieces), float(rng.normal(0, 0.3))), ratio)
            clip = fade(clip[:, : frames(grid * float(rng.uniform(0.6, 2)))], 0.005, 0.02)
            add_at(out, clip, frames(tick * grid))
        return out
