"""The bass stem: sampled, synthetic and General MIDI basses on made-up lines."""

from pathlib import Path

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus import production, soundfont
from stemdesk_training.corpus.samples import SampleShelf, midi_of
from stemdesk_training.corpus.score import Note, bass_line, draw_song
from stemdesk_training.corpus.waveform import (
    Audio,
    Rng,
    add_at,
    chance,
    change_speed,
    fade,
    frames,
    hz,
    level_to,
    pan,
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
_GM = {"train": (33, 34, 35, 36, 38, 39, 87), "valid": (32, 37)}


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


class SynthBass:
    """One drawn patch: oscillators, filter envelope, FM, drive."""

    def __init__(self, rng: Rng) -> None:
        """Draw the patch."""
        self._rng = rng
        self._kind = pick(rng, ("saw", "square", "fm", "reese", "sub", "sub", "808", "808", "808"))
        self._low_hz = float(np.exp(rng.uniform(np.log(80), np.log(600))))
        self._high_hz = self._low_hz * float(rng.uniform(2, 16))
        self._decay = float(np.exp(rng.uniform(np.log(0.05), np.log(1.0))))
        self._sustain = float(rng.uniform(0.2, 1.0))
        self._detune = float(rng.uniform(0.002, 0.012))
        self._ratio = float(rng.choice([0.5, 1, 1, 2, 3]))
        self._index = float(rng.uniform(0.5, 6))
        self._glide = float(rng.choice([0.0, 0.0, 0.04, 0.12]))
        self._drive = float(np.exp(rng.uniform(np.log(0.2), np.log(4))))
        self._knock = float(rng.uniform(0.0, 2.0))

    @property
    def is_deep(self) -> bool:
        """Nearly a sine: such basses carry a track from the lowest octave alone."""
        return self._kind in {"sub", "808"}

    def _wave(self, pitch_hz: osc.Mono, length: int, envelope: osc.Mono) -> Audio:
        if self._kind == "sub":
            return pan(osc.sine(pitch_hz, length) + 0.15 * osc.sine(2 * pitch_hz, length))
        if self._kind == "808":
            drop = 1 + self._knock * np.exp(-osc.seconds_axis(length) / 0.02)
            driven = np.tanh(self._drive * osc.sine(pitch_hz * drop, length))
            return pan(driven / np.float32(np.tanh(self._drive)))
        if self._kind == "fm":
            modulator = osc.sine(self._ratio * pitch_hz, length) * envelope * self._index
            phase = 2 * np.pi * np.cumsum(pitch_hz / 44_100) + modulator
            return pan(np.sin(phase))
        if self._kind == "reese":
            voices = [osc.saw(pitch_hz * (1 + d * self._detune), length) for d in (-1, 0, 1)]
            return np.stack([voices[0] + 0.7 * voices[1], voices[2] + 0.7 * voices[1]])
        make = osc.saw if self._kind == "saw" else osc.square
        sub = 0.6 * osc.sine(pitch_hz / 2, length) if self._ratio < 1 else 0.0
        return pan(make(pitch_hz, length) + 0.5 * make(pitch_hz * (1 + self._detune), length) + sub)

    def play(self, notes: list[Note], seconds: float) -> Audio:
        """Render a monophonic line, gliding from note to note if the patch does."""
        out = silence(seconds)
        before = 0.0
        for note in notes:
            length = frames(note.length + 0.05)
            now = osc.seconds_axis(length)
            target = hz(note.pitch)
            bend = np.exp(-now / self._glide) if self._glide and before else np.zeros(length)
            pitch_hz = target * (before / target if before else 1.0) ** bend
            before = target
            sustained = 0.0 if self._kind == "808" else self._sustain
            decay = 4 * self._decay if self._kind == "808" else self._decay
            envelope = osc.adsr(length, (0.004, decay, 0.05), sustained)
            wave = self._wave(pitch_hz.astype(np.float32), length, envelope)
            if not self.is_deep:
                accent = np.clip(envelope * np.float32(note.velocity / 110), 0, 1)
                wave = osc.sweep(wave, accent, self._low_hz, self._high_hz)
            add_at(out, wave * envelope, frames(note.start), 0.3 * note.velocity / 127)
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
        song = draw_song(rng, seconds)
        source = weighted(rng, [("synth", 0.6), ("sampled", 0.26), ("soundfont", 0.14)])
        patch = SynthBass(rng)
        deep = source == "synth" and patch.is_deep
        around = int(rng.integers(22, 36) if deep else rng.integers(26, 41))
        notes = [note for note in bass_line(rng, song, around) if note.start < seconds]
        if source == "synth":
            clip = patch.play(notes, seconds)
        elif source == "sampled":
            clip = pick(rng, self._banks).play(notes, seconds, rng)
        else:
            font = soundfont.FLUID if self._split == "train" else soundfont.MUSESCORE
            part = soundfont.Part(pick(rng, _GM[self._split]), notes)
            clip = soundfont.render(font, [part], seconds)
        produced = production.bass_chain(rng, level_to(clip, -18.0), song.beat_seconds)
        return level_to(fade(produced, 0.005, 0.02), -18.0), f"bass/{source}"
