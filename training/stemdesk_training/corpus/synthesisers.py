"""Polyphonic synthesiser patches drawn at random: supersaw, pluck, pad, FM, organ, formant."""

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import Audio, Rng, add_at, frames, hz, pan, pick, silence

KINDS = ("supersaw", "pluck", "pad", "fm", "organ", "formant", "square", "bell")
# First three formants in Hz of five vowels: pads that speak, yet are accompaniment.
_VOWELS_HZ = (
    (800, 1150, 2900),
    (350, 2000, 2800),
    (270, 2140, 2950),
    (450, 800, 2830),
    (325, 700, 2700),
)


class Patch:
    """One drawn sound; notes of one pitch and length are rendered once and reused."""

    def __init__(self, rng: Rng, kind: str) -> None:
        """Draw the patch's numbers."""
        self._kind = kind
        self._rng = rng
        self._detune = float(rng.uniform(0.002, 0.016))
        self._voices = int(rng.integers(3, 7)) if kind in {"supersaw", "pad"} else 2
        self._low_hz = float(np.exp(rng.uniform(np.log(200), np.log(2500))))
        self._high_hz = self._low_hz * float(np.exp(rng.uniform(np.log(1.5), np.log(25))))
        self._attack = (
            float(rng.uniform(0.1, 0.6)) if kind == "pad" else float(rng.uniform(0.002, 0.03))
        )
        self._decay = float(np.exp(rng.uniform(np.log(0.06), np.log(1.5))))
        self._sustain = {"pluck": 0.0, "bell": 0.0}.get(kind, float(rng.uniform(0.1, 1.0)))
        self._release = float(rng.uniform(0.03, 0.5))
        self._ratio = float(rng.choice([0.5, 1, 1.41, 2, 3, 3.5, 7]))
        self._index = float(rng.uniform(0.5, 5))
        self._spread = float(rng.uniform(0.1, 1.0))
        self._drawbars = rng.uniform(0, 1, 6)
        self._vowels = [pick(rng, _VOWELS_HZ), pick(rng, _VOWELS_HZ)]

    def play(self, notes: list[Note], seconds: float) -> Audio:
        """Render a part to ``[2, frames]``."""
        out = silence(seconds)
        cache: dict[tuple[int, int], Audio] = {}
        for note in notes:
            key = (note.pitch, round(note.length * 20))
            if key not in cache:
                cache[key] = self._note(hz(note.pitch), max(note.length, 0.05))
            add_at(out, cache[key], frames(note.start), 0.2 * note.velocity / 127)
        return out

    def _note(self, pitch_hz: float, seconds: float) -> Audio:
        length = frames(seconds + self._release)
        envelope = osc.adsr(length, (self._attack, self._decay, self._release), self._sustain)
        if self._kind == "fm":
            wave = self._fm(pitch_hz, length, envelope)
        elif self._kind == "bell":
            wave = self._bell(pitch_hz, length)
        elif self._kind == "organ":
            wave = self._organ(pitch_hz, length)
        else:
            wave = self._stack(pitch_hz, length)
            if self._kind == "formant":
                wave = self._speak(wave)
            else:
                wave = osc.sweep(wave, envelope, self._low_hz, self._high_hz)
        return (wave * envelope).astype(np.float32)

    def _stack(self, pitch_hz: float, length: int) -> Audio:
        out = np.zeros((2, length), dtype=np.float32)
        for place in np.linspace(-1, 1, self._voices):
            tuned = pitch_hz * (1 + self._detune * place)
            phase = float(self._rng.random())
            square = self._kind == "square"
            wave = (
                osc.square(tuned, length, 0.3, phase) if square else osc.saw(tuned, length, phase)
            )
            out += pan(wave, float(place) * self._spread) / np.float32(self._voices**0.5)
        return out

    def _fm(self, pitch_hz: float, length: int, envelope: osc.Mono) -> Audio:
        modulator = osc.sine(pitch_hz * self._ratio, length) * envelope * self._index
        carrier = 2 * np.pi * pitch_hz * osc.seconds_axis(length)
        left = np.sin(carrier + modulator)
        right = np.sin(carrier * (1 + self._detune / 8) + modulator)
        return np.stack([left, right]).astype(np.float32)

    def _bell(self, pitch_hz: float, length: int) -> Audio:
        now = osc.seconds_axis(length)
        out = np.zeros((2, length), dtype=np.float32)
        for index, ratio in enumerate((1.0, 2.0, 3.01, 4.2, 5.4)):
            fall = np.exp(-now * (1 + index) / max(self._decay, 0.1))
            wave = osc.sine(pitch_hz * ratio, length) * fall * self._drawbars[index]
            out += pan(wave, float(self._spread * np.sin(3 * index)))
        return out

    def _organ(self, pitch_hz: float, length: int) -> Audio:
        out = np.zeros(length, dtype=np.float32)
        for ratio, level in zip((0.5, 1, 2, 3, 4, 6), self._drawbars, strict=True):
            out += level * osc.sine(pitch_hz * ratio, length)
        tremolo = 1 + 0.3 * osc.sine(5.5 * self._spread, length)
        return np.stack([out * tremolo, out * (2 - tremolo)]).astype(np.float32)

    def _speak(self, wave: Audio) -> Audio:
        glide = np.linspace(0, 1, wave.shape[1], dtype=np.float32)
        spoken = []
        for vowel in self._vowels:
            bands = [osc.bandpass(wave, 0.9 * centre, 1.1 * centre) for centre in vowel]
            spoken.append(bands[0] + 0.6 * bands[1] + 0.4 * bands[2])
        mixed = 3.0 * (spoken[0] * (1 - glide) + spoken[1] * glide)
        return np.asarray(mixed, dtype=np.float32)
