"""The other stem: soundfont bands, synthesisers, guitars, textures."""

from functools import cached_property
from pathlib import Path

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import production, soundfont
from stemdesk_training.corpus.bass import NoteBank
from stemdesk_training.corpus.midi_files import read_notes
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note, Song, arpeggio, chord_part, draw_song, melody
from stemdesk_training.corpus.synthesisers import KINDS, Patch
from stemdesk_training.corpus.textures import Ambience, crackle, riser
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    chance,
    fade,
    frames,
    level_to,
    pick,
    silence,
    weighted,
)

# General MIDI families; choirs and voices (52-54) are left out: they are neither stem's business.
_PROGRAMS = {
    "train": {
        "chords": (0, 1, 2, 4, 5, 6, 16, 17, 18, 21, 24, 25, 26, 27, 28, 29, 30, 48, 50, 61, 62,
                   88, 89, 90, 92, 94, 95),
        "melody": (0, 4, 11, 12, 22, 26, 29, 40, 42, 56, 57, 60, 65, 66, 71, 73, 75, 80, 81, 84,
                   10, 104, 105, 107),
        "arp": (0, 4, 8, 11, 13, 24, 25, 45, 46, 80, 81, 88, 98, 99, 107),
    },
    "valid": {
        "chords": (3, 7, 19, 23, 31, 49, 51, 63, 91, 93),
        "melody": (3, 9, 41, 58, 64, 67, 72, 74, 82, 86, 106),
        "arp": (3, 9, 14, 31, 82, 96, 100, 108),
    },
}  # fmt: skip
_KINDS = {
    "train": tuple(k for k in KINDS if k not in {"organ"}),
    "valid": ("organ", "fm", "square", "pad"),
}


class OtherStem:
    """Draws accompaniment segments of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index tunes, guitar notes and textures under ``audio_root``."""
        self._root = audio_root
        self._split = split
        self._shelf = shelf
        self._ambience = Ambience(audio_root / "instruments", split, shelf)

    @cached_property
    def _tunes(self) -> list[Path]:
        tunes = sorted((self._root / "midi" / "nottingham" / "MIDI").glob("*.mid"))
        return [p for i, p in enumerate(tunes) if (i % 10 == 0) == (self._split == "valid")]

    @cached_property
    def _guitar(self) -> NoteBank:
        folder = self._root / "instruments" / "emilyguitar_cc0" / "notes"
        return NoteBank(self._shelf, sorted(folder.glob("*_rr*.opus")))

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` of one to three layers, and its first source."""
        song = draw_song(rng, seconds)
        sources = [("synth", 0.5), ("soundfont", 0.28), ("texture", 0.06)]
        if self._split == "train":
            sources.append(("guitar", 0.16))
        names = [weighted(rng, sources) for _ in range(int(rng.choice([1, 2, 2, 3])))]
        makers = {
            "synth": self._synth,
            "soundfont": self._soundfont,
            "texture": self._texture,
            "guitar": self._electric_guitar,
        }
        out = silence(seconds)
        for name in names:
            layer = makers[name](song, seconds, rng)
            level = -18.0 + (rng.uniform(-12, 0) if len(names) > 1 else 0.0)
            produced = production.other_chain(rng, level_to(layer, level), song.beat_seconds)
            out += level_to(produced, level)
        return level_to(fade(out, 0.005, 0.02), -18.0), "other/" + "+".join(sorted(names))

    def _part(self, song: Song, rng: Rng) -> tuple[str, list[Note]]:
        role = weighted(rng, [("chords", 0.4), ("melody", 0.27), ("arp", 0.33)])
        if role == "chords":
            return role, chord_part(rng, song, int(rng.integers(48, 66)))
        if role == "melody":
            return role, melody(rng, song, int(rng.integers(55, 80)), float(rng.uniform(0.2, 0.8)))
        return role, arpeggio(rng, song, int(rng.integers(48, 70)))

    def _synth(self, song: Song, seconds: float, rng: Rng) -> Audio:
        _, notes = self._part(song, rng)
        return Patch(rng, pick(rng, _KINDS[self._split])).play(notes, seconds)

    def _soundfont(self, song: Song, seconds: float, rng: Rng) -> Audio:
        font = soundfont.FLUID if self._split == "train" else soundfont.MUSESCORE
        programs = _PROGRAMS[self._split]
        if chance(rng, 0.35):
            tune = read_notes(pick(rng, self._tunes), seconds)
            parts = [
                soundfont.Part(pick(rng, programs["melody"]), [n for n in tune if n.pitch > 59], 0),
                soundfont.Part(pick(rng, programs["chords"]), [n for n in tune if n.pitch < 60], 1),
            ]
        else:
            parts = []
            for channel in range(int(rng.integers(1, 4))):
                role, notes = self._part(song, rng)
                parts.append(soundfont.Part(pick(rng, programs[role]), notes, channel))
        return soundfont.render(font, parts, seconds)

    def _guitar_part(self, song: Song, rng: Rng) -> list[Note]:
        if chance(rng, 0.4):
            # Power chords: root, fifth, octave in eighths.
            grid = [i / 2 for i in range(8) if rng.random() < 0.8] or [0.0]
            return [
                Note((bar * 4 + b) * song.beat_seconds, 0.48 * song.beat_seconds, root + up, 100)
                for bar in range(song.bars)
                for root in song.chord(bar, 40, 1)
                for b in grid
                for up in (0, 7, 12)
            ]
        _, notes = self._part(song, rng)
        return [Note(n.start, n.length, n.pitch - 12 * (n.pitch > 79), n.velocity) for n in notes]

    def _electric_guitar(self, song: Song, seconds: float, rng: Rng) -> Audio:
        clip = self._guitar.play(self._guitar_part(song, rng), seconds, rng)
        if chance(rng, 0.6):
            # An amplifier: drive, then a loudspeaker that ends near 5 kHz.
            clip = production.saturate(rng, clip, 40.0)
            clip = osc.lowpass(clip, float(rng.uniform(3500, 6500)), 4)
        return clip

    def _texture(self, song: Song, seconds: float, rng: Rng) -> Audio:
        style = pick(rng, ("riser", "ambience", "ambience", "crackle"))
        if style == "riser":
            out = silence(seconds)
            for bar in range(0, song.bars, 4):
                sweep = riser(rng, song.bar_seconds * float(rng.uniform(0.5, 3.5)))
                add_at(out, fade(sweep, 0.01, 0.05), frames(bar * song.bar_seconds))
            return out
        return self._ambience.play(seconds, rng) if style == "ambience" else crackle(rng, seconds)
