"""Layers of accompaniment: one instrument and its part through a song, dry."""

from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk_training.corpus import movement, soundfont
from stemdesk_training.corpus.bass import NoteBank
from stemdesk_training.corpus.form import Form
from stemdesk_training.corpus.guitars import amplified
from stemdesk_training.corpus.parts import Writer, along
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.score import Note, lifted
from stemdesk_training.corpus.synthesisers import KINDS, Patch
from stemdesk_training.corpus.textures import Ambience, Effects, crackle, grains, sweeps
from stemdesk_training.corpus.tunes import Tunes
from stemdesk_training.corpus.waveform import Audio, Rng, chance, level_to, pick, silence, weighted

if TYPE_CHECKING:
    from collections.abc import Callable

# General MIDI programs by role. Choirs and voices (52 to 54, 85, 91) are left out: recorded
# singers are neither stem's business.
PROGRAMS = {
    "train": {
        "chords": (0, 1, 2, 4, 5, 6, 16, 17, 18, 21, 24, 25, 26, 27, 28, 29, 30, 48, 50, 61, 62,
                   88, 89, 90, 92, 94, 95),
        "melody": (0, 4, 11, 12, 22, 26, 29, 40, 42, 56, 57, 60, 65, 66, 71, 73, 75, 80, 81, 84,
                   10, 104, 105, 107),
        "arp": (0, 4, 8, 11, 13, 24, 25, 45, 46, 80, 81, 88, 98, 99, 107),
        "riff": (0, 5, 7, 11, 18, 25, 27, 28, 45, 56, 61, 62, 66, 80, 84),
        "drone": (17, 20, 21, 48, 50, 89, 95, 109),
        "power": (29, 30),
    },
    "valid": {
        "chords": (3, 19, 23, 31, 49, 51, 63, 93),
        "melody": (3, 9, 41, 58, 64, 67, 72, 74, 82, 86, 106),
        "arp": (3, 9, 14, 31, 82, 96, 100, 108),
        "riff": (3, 9, 31, 63, 82, 87),
        "drone": (19, 23, 49, 93),
        "power": (31,),
    },
}  # fmt: skip
SYNTHESISERS = {
    "train": tuple(kind for kind in KINDS if kind not in {"organ", "square"}),
    "valid": ("organ", "square", "fm", "pad"),
}
# How often a synthesiser has formants. With the talk boxes that makes one segment in thirty that
# imitates a voice: where one in seven did, what sang without a singer's noises was no voice.
_FORMANTS = 0.02
# Which parts suit a synthesiser; others play anything.
_ROLES_OF_KIND = {
    "pad": ("chords", "drone"), "air": ("chords", "drone", "melody"),
    "ensemble": ("chords", "melody", "drone"), "pluck": ("arp", "riff", "melody", "chords"),
    "string": ("arp", "riff", "chords"), "bell": ("arp", "melody"),
}  # fmt: skip
_ROLES = [("chords", 0.33), ("melody", 0.24), ("arp", 0.2), ("riff", 0.18), ("drone", 0.05)]
_SHARES = {
    "electronic": [
        ("synth", 0.66), ("talking", 0.02), ("soundfont", 0.06), ("guitar", 0.05),
        ("grains", 0.06), ("ambience", 0.04), ("crackle", 0.01), ("effects", 0.06),
        ("sweeps", 0.04),
    ],
    "acoustic": [("soundfont", 0.58), ("guitar", 0.28), ("synth", 0.1), ("ambience", 0.04)],
}  # fmt: skip
Names = frozenset[str] | None
_REGISTERS = {"chords": (48, 66), "melody": (55, 80), "arp": (48, 72), "riff": (45, 74),
              "drone": (40, 60), "power": (46, 55)}  # fmt: skip

# A guitar's, tuned down by a tone.
_LOWEST_STRING = 38
# What a talk box speaks through; square waves are for validation.
_CARRIERS = {"train": ("supersaw", "brass"), "valid": ("square",)}


class Layers:
    """Draws layers for a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index tunes, guitar notes and textures under ``audio_root``."""
        self._split = split
        self._tunes = Tunes(audio_root, split)
        self._ambience = Ambience(audio_root / "instruments", split, shelf)
        self._effects = Effects(audio_root / "instruments", split, shelf)
        folder = audio_root / "instruments" / "emilyguitar_cc0" / "notes"
        # One recorded guitar: training has it, validation has the soundfont's.
        files = sorted(folder.glob("*_rr*.opus")) if split == "train" else []
        self._guitar = NoteBank(shelf, files) if files else None
        self._makers: dict[str, Callable[[Form, Names, Rng], tuple[str, Audio]]] = {
            "synth": self._synth,
            "talking": self._talking,
            "soundfont": self._soundfont,
            "guitar": self._electric_guitar,
            "grains": self._grains,
            "ambience": self._textured,
            "crackle": self._crackling,
            "effects": self._thrown_in,
            "sweeps": self._sweeping,
        }

    def draw(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        """What plays (for the pool's description) and its sound through the whole song.

        Args:
            form: the song.
            names: kinds of section in which it plays; all if None.
            rng: draws the instrument and its part.
        """
        shares = _SHARES["electronic" if form.electronic else "acoustic"]
        return self._makers[weighted(rng, shares)](form, names, rng)

    def _notes(self, form: Form, names: Names, role: str, rng: Rng) -> list[Note]:
        writer = Writer(rng, self._tunes, int(rng.integers(*_REGISTERS[role])))
        written = along(form, "other", lambda song, _: writer.write(role, song), names)
        return form.within(written)

    def _synth(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        plain = [kind for kind in SYNTHESISERS[self._split] if kind != "formant"]
        speaks = "formant" in SYNTHESISERS[self._split] and chance(rng, _FORMANTS)
        kind = "formant" if speaks else pick(rng, plain)
        suited = _ROLES_OF_KIND.get(kind)
        role = pick(rng, suited) if suited else weighted(rng, _ROLES)
        notes = self._notes(form, names, role, rng)
        clip = Patch(rng, kind).play(notes, form.seconds)
        if chance(rng, 0.2):
            clip = movement.swept(rng, clip, form.beat_seconds)
        if role in {"chords", "drone"} and chance(rng, 0.12):
            clip = movement.gated(rng, clip, form.beat_seconds)
        return f"synth/{kind}", clip

    def _talking(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        role = pick(rng, ("chords", "melody", "riff"))
        patch = Patch(rng, pick(rng, _CARRIERS[self._split]))
        clip = patch.play(self._notes(form, names, role, rng), form.seconds)
        return "talking", movement.talking(rng, level_to(clip, -18.0), form.beat_seconds)

    def _soundfont(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        parts = []
        for channel in range(int(rng.choice([1, 1, 2, 3]))):
            role = weighted(rng, _ROLES)
            program = pick(rng, PROGRAMS[self._split][role])
            parts.append(soundfont.Part(program, self._notes(form, names, role, rng), channel))
        font = soundfont.drawn(self._split, rng)
        return "soundfont", soundfont.render(font, parts, form.seconds)

    def _electric_guitar(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        role = weighted(rng, [("power", 0.35), ("chords", 0.25), ("arp", 0.15), ("melody", 0.25)])
        notes = lifted(self._notes(form, names, role, rng), _LOWEST_STRING)
        if self._guitar is None:
            part = soundfont.Part(pick(rng, (26, 27, 28)), notes)
            clip = soundfont.render(soundfont.MUSESCORE, [part], form.seconds)
        else:
            # The recorded strings end near G5.
            low = [Note(n.start, n.length, n.pitch - 12 * (n.pitch > 79), n.velocity)
                   for n in notes]  # fmt: skip
            clip = self._guitar.play(low, form.seconds, rng)
        return f"guitar/{role}", amplified(rng, clip)

    def _grains(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        song = form.sections[0].song
        if chance(rng, 0.5):
            source = self._ambience.excerpt(rng)
        else:
            chord = [Note(0.0, 2.0, pitch, 100) for pitch in song.chord(0, 60, 4)]
            source = Patch(rng, pick(rng, SYNTHESISERS[self._split])).play(chord, 2.5)
        clip = grains(rng, source, form.seconds, [0, 0, 7, 12, -12])
        return "grains", _only(form, names, clip)

    def _textured(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        return "ambience", _only(form, names, self._ambience.play(form.seconds, rng))

    def _crackling(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        return "crackle", _only(form, names, crackle(rng, form.seconds))

    def _thrown_in(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        clip = self._effects.play(form.seconds, form.beat_seconds, rng)
        return "effects", _only(form, names, clip)

    def _sweeping(self, form: Form, names: Names, rng: Rng) -> tuple[str, Audio]:
        return "sweeps", _only(form, names, sweeps(rng, form.seconds, 4 * form.beat_seconds))


def _only(form: Form, names: Names, clip: Audio) -> Audio:
    """Silence outside the sections in which the layer plays."""
    out = silence(form.seconds)
    rate = clip.shape[1] / form.seconds
    for section in form.playing("other"):
        if names is None or section.name in names:
            begin, end = round(section.start * rate), round(section.end * rate)
            out[:, begin:end] = clip[:, begin:end]
    return out
