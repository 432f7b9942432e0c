"""Bass synthesisers drawn at random: subs, 808s, saws, FM, reese, acid, wobble, strings, tables."""

from dataclasses import dataclass

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import (
    RATE_HZ,
    Audio,
    Rng,
    add_at,
    chance,
    frames,
    hz,
    pan,
    pick,
    silence,
)

# Nearly half are 808s: so much of today's music stands on them, and a network that meets few of
# them hears kicks.
KINDS = (
    "sub", "sub", "808", "808", "808", "808", "808", "808", "808", "808", "saw", "square", "fm",
    "reese", "acid", "wobble", "plucked", "wavetable",
)  # fmt: skip
# Nearly a sine: such basses carry a track from the lowest octave alone.
DEEP = ("sub", "808", "808")

# How many patches have notes that begin hard.
STRUCK = 0.45
# How many 808s ring down as a sample of the machine does, instead of holding their level.
RINGING = 0.7
# A sampler with one voice ends a note within this when the next begins.
CHOKE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Ringing:
    """The level of an 808 that is struck and let go: it swells, falls, and rings on a little.

    Attributes:
        rise_seconds: until it is nearly at its height.
        fall_seconds: in which it falls to a third while the note is held.
        release_seconds: the same once the note has ended.
    """

    rise_seconds: float
    fall_seconds: float
    release_seconds: float

    @classmethod
    def drawn(cls, rng: Rng) -> "Ringing":
        """Somewhere between a thud and a long boom."""
        bounds = ((0.002, 0.02), (0.1, 0.8), (0.025, 0.12))
        return cls(*(float(np.exp(rng.uniform(*np.log(pair)))) for pair in bounds))

    @property
    def tail_seconds(self) -> float:
        """How long after a note's end it is heard."""
        return 5 * self.release_seconds

    def envelope(self, length: int, held_seconds: float) -> osc.Mono:
        """Level over ``length`` frames of a note that is held so long."""
        now = osc.seconds_axis(length)
        falling = np.exp(
            -now / self.fall_seconds - np.maximum(0, now - held_seconds) / self.release_seconds
        )
        end = np.clip((length / RATE_HZ - now) / CHOKE_SECONDS, 0, 1)
        return np.asarray((1 - np.exp(-now / self.rise_seconds)) * falling * end, dtype=np.float32)


class SynthBass:
    """One drawn patch: oscillators, filter, FM, drive."""

    def __init__(self, rng: Rng, kind: str | None = None, *, ringing: bool | None = None) -> None:
        """Draw a patch; None: ``kind``, of ``KINDS``, or whether an 808 rings is drawn too."""
        self._rng = rng
        self.kind = kind or pick(rng, KINDS)
        self._low_hz = float(np.exp(rng.uniform(np.log(80), np.log(600))))
        self._high_hz = self._low_hz * float(rng.uniform(2, 16))
        self._decay = float(np.exp(rng.uniform(np.log(0.05), np.log(1.0))))
        self._sustain = float(rng.uniform(0.2, 1.0))
        self._detune = float(rng.uniform(0.002, 0.012))
        self._ratio = float(rng.choice([0.5, 1, 1, 2, 3]))
        self._index = float(rng.uniform(0.5, 6))
        self._glide = float(rng.choice([0.0, 0.0, 0.04, 0.12]))
        self._drive = float(np.exp(rng.uniform(np.log(0.2), np.log(4))))
        self._knock = float(rng.uniform(0.0, 3.0))
        self._resonance = float(rng.uniform(0.1, 0.75))
        self._spectra = osc.cycles(rng, 3)
        self._divisions = float(rng.choice([1, 2, 3, 4, 6]))
        self._sub = float(rng.choice([0.0, 0.5, 1.0]))
        # From here on in an order such that a seed draws the same patch with an attack as without.
        attack = float(rng.uniform(0.15, 1.0))
        self._attack = attack if chance(rng, STRUCK) else 0.0
        self._attack_seconds = float(np.exp(rng.uniform(np.log(0.002), np.log(0.04))))
        self._attack_hz = float(np.exp(rng.uniform(np.log(600), np.log(6000))))
        rings = chance(rng, RINGING) if ringing is None else ringing
        self._ringing = Ringing.drawn(rng) if self.kind == "808" and rings else None
        if self._ringing:
            self._drive = min(self._drive, float(rng.uniform(0.2, 2.0)))
        # An edge so short is heard under the lowest note as well, as far down as under a drum.
        self._rise_seconds = float(np.exp(rng.uniform(np.log(0.001), np.log(0.008))))
        self._release_seconds = float(np.exp(rng.uniform(np.log(0.003), np.log(0.15))))

    @property
    def is_deep(self) -> bool:
        """Whether it plays in the lowest octave."""
        return self.kind in DEEP

    def play(self, notes: list[Note], seconds: float, beat_seconds: float = 0.5) -> Audio:
        """Render a monophonic line, gliding from note to note if the patch does."""
        out = silence(seconds)
        before = 0.0
        for note, end in zip(notes, self._ends(notes), strict=True):
            length = frames(end - note.start)
            now = osc.seconds_axis(length)
            target = hz(note.pitch)
            bend = np.exp(-now / self._glide) if self._glide and before else np.zeros(length)
            pitch_hz = (target * (before / target if before else 1.0) ** bend).astype(np.float32)
            before = target
            deep = self.kind == "808"
            decay = 4 * self._decay if deep else self._decay
            times = self._rise_seconds, decay, self._release_seconds
            envelope = osc.adsr(length, times, 0.0 if deep else self._sustain)
            if self._ringing:
                envelope = self._ringing.envelope(length, note.length)
            wave = self._wave(pitch_hz, length, envelope)
            if self.kind in {"saw", "square", "fm", "reese", "wavetable"}:
                accent = np.clip(envelope * np.float32(note.velocity / 110), 0, 1)
                wave = osc.sweep(wave, accent, self._low_hz, self._high_hz)
            level = 0.3 * note.velocity / 127
            add_at(out, wave * envelope, frames(note.start), level)
            if self._attack:
                add_at(out, self._struck(length), frames(note.start), level * self._attack)
        if self.kind in {"acid", "wobble"}:
            out = self._filtered(out, notes, beat_seconds)
        return out

    def _ends(self, notes: list[Note]) -> list[float]:
        """When the sound of each note is over: a moment after the note, or when it has rung out."""
        if not self._ringing:
            return [note.start + note.length + self._release_seconds for note in notes]
        tail = self._ringing.tail_seconds
        starts = [*(note.start for note in notes[1:]), np.inf]
        return [
            min(note.start + note.length + tail, max(note.start, following) + CHOKE_SECONDS)
            for note, following in zip(notes, starts, strict=True)
        ]

    def _struck(self, length: int) -> Audio:
        """What a finger, a slapped string or a synthesiser's click adds to the beginning of a note.

        Without it a low note that begins hard could only be a drum.
        """
        now = osc.seconds_axis(min(length, frames(6 * self._attack_seconds)))
        noise = osc.lowpass(self._rng.standard_normal(len(now)).astype(np.float32), self._attack_hz)
        chirp = osc.sine(self._attack_hz / 4 * np.exp(-now / self._attack_seconds) + 60, len(now))
        falling = np.exp(-now / self._attack_seconds).astype(np.float32)
        return pan((2 * noise + 0.5 * chirp) * falling)

    def _wave(self, pitch_hz: osc.Mono, length: int, envelope: osc.Mono) -> Audio:
        if self.kind == "sub":
            return pan(osc.sine(pitch_hz, length) + 0.15 * osc.sine(2 * pitch_hz, length))
        if self.kind == "808":
            drop = 1 + self._knock * np.exp(-osc.seconds_axis(length) / 0.02)
            driven = np.tanh(self._drive * osc.sine(pitch_hz * drop, length))
            return pan(driven / np.float32(np.tanh(self._drive)))
        if self.kind == "fm":
            modulator = osc.sine(self._ratio * pitch_hz, length) * envelope * self._index
            phase = 2 * np.pi * np.cumsum(pitch_hz / 44_100) + modulator
            return pan(np.sin(phase))
        if self.kind == "reese":
            voices = [osc.saw(pitch_hz * (1 + d * self._detune), length) for d in (-1, 0, 1)]
            return np.stack([voices[0] + 0.7 * voices[1], voices[2] + 0.7 * voices[1]])
        if self.kind in {"plucked", "wavetable"}:
            return pan(self._string(float(pitch_hz[-1]), length, envelope))
        make = osc.square if self.kind == "square" else osc.saw
        sub = 0.6 * osc.sine(pitch_hz / 2, length) if self._ratio < 1 else 0.0
        return pan(make(pitch_hz, length) + 0.5 * make(pitch_hz * (1 + self._detune), length) + sub)

    def _string(self, pitch_hz: float, length: int, envelope: osc.Mono) -> osc.Mono:
        if self.kind == "wavetable":
            wave = osc.wavetable(pitch_hz, self._spectra, envelope, 0.0)
        else:
            wave = osc.plucked(self._rng, pitch_hz, length, min(1.0, self._sustain))
        return wave + np.float32(self._sub) * osc.sine(pitch_hz, length)

    def _filtered(self, out: Audio, notes: list[Note], beat_seconds: float) -> Audio:
        """A resonant low-pass over the whole line: opened by each note, or swung by an LFO."""
        now = osc.seconds_axis(out.shape[1])
        if self.kind == "wobble":
            control = 0.5 - 0.5 * np.cos(2 * np.pi * now * self._divisions / beat_seconds)
        else:
            control = np.zeros(out.shape[1], dtype=np.float32)
            for note in notes:
                begin = frames(note.start)
                since = now[: max(0, out.shape[1] - begin)]
                control[begin:] = np.exp(-since / self._decay) * (note.velocity / 127) ** 2
        cutoff = self._low_hz * (self._high_hz / self._low_hz) ** control
        swept = osc.ladder(out, cutoff.astype(np.float32), self._resonance, 1.0 + self._drive)
        tone = [osc.sine(hz(n.pitch), frames(n.length)) for n in notes] if self._sub else []
        for note, wave in zip(notes, tone, strict=False):
            held = wave * osc.adsr(len(wave), (0.005, 1.0, 0.03), 0.8)
            add_at(swept, pan(held), frames(note.start), 0.2 * self._sub * note.velocity / 127)
        return swept
