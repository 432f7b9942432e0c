"""The bass stem: sampled, synthetic and General MIDI basses on made-up lines."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from stemdesk_training.corpus import production, soundfont
from stemdesk_training.corpus.form import Form, draw_excerpt
from stemdesk_training.corpus.parts import along
from stemdesk_training.corpus.samples import SampleShelf, midi_of
from stemdesk_training.corpus.score import Note, bass_line, lifted, staccato_bass
from stemdesk_training.corpus.synth_basses import DEEP, SynthBass
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    fade,
    frames,
    level_to,
    pick,
    silence,
    weighted,
)

_SAMPLED = {
    "train": (
        ("growlybass_cc0/sustain", "*_*.opus"),
        ("growlybass_cc0/staccato", "*_*.opus"),
        ("dsmolken_double_bass_cc0/pizz", "pizz_*.opus"),
    ),
    "valid": (("dsmolken_double_bass_cc0/arco", "arco_*.opus"),),
}
_SOURCES = {
    "electronic": [("synth", 0.9), ("sampled", 0.05), ("soundfont", 0.05)],
    "acoustic": [("synth", 0.15), ("sampled", 0.55), ("soundfont", 0.3)],
}
_GM = {"train": (33, 34, 35, 36, 38, 39, 87), "valid": (32, 37)}
# MIDI pitches. The tonic lies in the octave under the first pair, no note lies under the second:
# subs and 808s live from 35 Hz to the kick's own pitch and above it, other basses from a bass
# guitar's lowest string on.
_DEEP_REGISTER = ((34, 41), 25)
_REGISTER = ((38, 47), 28)
# A stroke so little before a note, or a section, belongs to it.
_EARLY_SECONDS = 0.04
_LONGEST_SECONDS = 3.0
# How often a deep synthesiser, which could hum on, plays short notes instead; on kicks so long.
_STACCATO = 0.5
_STACCATO_SECONDS = (0.1, 0.3)


class NoteBank:
    """Recorded notes by MIDI pitch, as written in the file names."""

    def __init__(self, shelf: SampleShelf, files: list[Path], *, octave_shift: int = 0) -> None:
        """Index files whose names hold one note name among their ``_`` parts."""
        self._shelf = shelf
        self._by_pitch: dict[int, list[Path]] = {}
        for path in files:
            for part in path.stem.split("_"):
                try:
                    pitch = midi_of(part) + 12 * octave_shift
                except ValueError:
                    continue
                self._by_pitch.setdefault(pitch, []).append(path)
                break

    def play(self, notes: list[Note], seconds: float, rng: Rng) -> Audio:
        """Place the nearest sample of each note, re-pitched, cut at the note's end."""
        out = silence(seconds)
        pitches = np.array(sorted(self._by_pitch))
        cache: dict[int, Audio] = {}
        for note in notes:
            if note.pitch not in cache or chance(rng, 0.1):
                nearest = int(pitches[np.argmin(np.abs(pitches - note.pitch))])
                clip = self._shelf.get(pick(rng, self._by_pitch[nearest]))[:, : frames(5.0)]
                moved = change_speed(clip, 2 ** ((note.pitch - nearest) / 12))
                cache[note.pitch] = moved * np.float32(0.4 / max(1e-3, np.abs(moved).max()))
            clip = cache[note.pitch][:, : frames(note.length + 0.04)]
            add_at(out, fade(clip, 0.002, 0.04), frames(note.start), note.velocity / 127)
        return out


def on_kicks(
    form: Form, notes: list[Note], kicks: Sequence[float], longest_seconds: float = _LONGEST_SECONDS
) -> list[Note]:
    """A bass line in the rhythm of the kick: at each stroke the pitch of that moment.

    Sections without a stroke keep the line as it is.
    """
    out: list[Note] = []
    for section in form.playing("bass"):
        line = [n for n in notes if section.start <= n.start < section.end]
        begin, end = section.start - _EARLY_SECONDS, section.end - _EARLY_SECONDS
        strokes = [k for k in kicks if begin <= k < end]
        if not line or not strokes:
            out += line
            continue
        starts = [note.start - _EARLY_SECONDS for note in line]
        for stroke, following in zip(strokes, [*strokes[1:], section.end], strict=True):
            heard = line[max(0, bisect(starts, stroke) - 1)]
            length = min(following - stroke, longest_seconds)
            out.append(replace(heard, start=max(0.0, stroke), length=length))
    return out


class BassStem:
    """Draws bass segments of a split."""

    def __init__(self, audio_root: Path, split: str, shelf: SampleShelf) -> None:
        """Index the recorded notes under ``audio_root``."""
        instruments = audio_root / "instruments"
        self._split = split
        self._banks = [
            NoteBank(
                shelf,
                sorted((instruments / folder).glob(pattern)),
                # growlybass names its notes an octave above what sounds.
                octave_shift=-1 if folder.startswith("growly") else 0,
            )
            for folder, pattern in _SAMPLED[split]
        ]

    def draw(self, seconds: float, rng: Rng) -> tuple[Audio, str]:
        """One produced segment ``[2, frames]`` and the name of its source."""
        form = draw_excerpt(rng, seconds)
        clip, source = self.play(form, rng)
        if chance(rng, 0.25):
            clip = production.pump(rng, clip, form.beat_seconds)
        return level_to(clip, -18.0), source

    def play(self, form: Form, rng: Rng, kicks: Sequence[float] = ()) -> tuple[Audio, str]:
        """A bass along a song: the produced clip and its source; not side-chained.

        Args:
            form: the song.
            rng: draws instrument, line and effects.
            kicks: times in seconds; a deep synthesiser beats there, as 808s do for a kick.
        """
        style = "electronic" if form.electronic else "acoustic"
        source = "synth" if kicks else weighted(rng, _SOURCES[style])
        patch = SynthBass(rng, pick(rng, DEEP) if kicks else None)
        deep = source == "synth" and patch.is_deep
        register, lowest = _DEEP_REGISTER if deep else _REGISTER
        around = int(rng.integers(*register))
        short = deep and chance(rng, _STACCATO)
        write = staccato_bass if short else bass_line
        written = along(form, "bass", lambda song, _: write(rng, song, around))
        notes = lifted(form.within(written), lowest)
        if kicks:
            longest = float(rng.uniform(*_STACCATO_SECONDS)) if short else _LONGEST_SECONDS
            notes = on_kicks(form, notes, kicks, longest)
        if source == "synth":
            clip = patch.play(notes, form.seconds, form.beat_seconds)
            name = f"synth/{patch.kind}"
        elif source == "sampled":
            clip = pick(rng, self._banks).play(notes, form.seconds, rng)
            name = "sampled"
        else:
            program = pick(rng, _GM[self._split])
            part = soundfont.Part(program, notes)
            clip = soundfont.render(soundfont.drawn(self._split, rng), [part], form.seconds)
            name = f"soundfont/{program}"
        produced = production.bass_chain(rng, level_to(clip, -18.0))
        return fade(produced, 0.005, 0.02), f"bass/{style}/{name}"
