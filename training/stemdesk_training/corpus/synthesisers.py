"""Polyphonic synthesiser patches drawn at random: subtractive, FM, wavetable, string, formant."""

import numpy as np

from stemdesk_training.corpus import oscillators as osc
from stemdesk_training.corpus.score import Note
from stemdesk_training.corpus.waveform import Audio, Rng, add_at, frames, hz, pan, pick, silence

KINDS = (
    "supersaw", "pluck", "pad", "fm", "organ", "formant", "square", "bell", "wavetable", "string",
    "ensemble", "brass", "air",
)  # fmt: skip
_SLOW = {"pad", "ensemble", "air"}
_FALLING = {"pluck", "bell", "string"}
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
        self._voices = int(rng.integers(3, 7)) if kind in {"supersaw", "pad", "ensemble"} else 2
        self._low_hz = float(np.exp(rng.uniform(np.log(200), np.log(2500))))
        self._high_hz = self._low_hz * float(np.exp(rng.uniform(np.log(1.5), np.log(25))))
        self._attack = (
            float(rng.uniform(0.1, 0.6)) if kind in _SLOW else float(rng.uniform(0.002, 0.03))
        )
        self._decay = float(np.exp(rng.uniform(np.log(0.06), np.log(1.5))))
        self._sustain = float(rng.uniform(0.1, 1.0)) * (kind not in _FALLING)
        self._release = float(rng.uniform(0.03, 0.5))
        self._ratio = float(rng.choice([0.5, 1, 1.41, 2, 3, 3.5, 7]))
        self._index = float(rng.uniform(0.5, 5))
        self._spread = float(rng.uniform(0.1, 1.0))
        self._drawbars = rng.uniform(0, 1, 6)
        self._spectra = osc.cycles(rng, int(rng.integers(2, 6)))
        self._breath = float(rng.uniform(0.0, 0.15)) if rng.random() < 0.3 else 0.0
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
        if self._kind == "string":
            # A string's own fall is its envelope; only its end is damped.
            ending = osc.adsr(length, (0.001, 1.0, self._release), 1.0)
            return (self._strings(pitch_hz, length) * ending).astype(np.float32)
        makers = {"fm": self._fm, "wavetable": self._wavetable, "air": self._air}
        if self._kind in makers:
            wave = makers[self._kind](pitch_hz, length, envelope)
        elif self._kind == "bell":
            wave = self._bell(pitch_hz, length)
        elif self._kind == "organ":
            wave = self._organ(pitch_hz, length)
        else:
            wave = self._stack(pitch_hz, length)
            if self._kind == "formant":
                wave = self._speak(wave)
            else:
                wave = osc.sweep(wave, self._opening(length, envelope), self._low_hz, self._high_hz)
        if self._breath:
            wave = wave + np.float32(self._breath) * osc.stereo_noise(self._rng, length)
        return (wave * envelope).astype(np.float32)

    def _opening(self, length: int, envelope: osc.Mono) -> osc.Mono:
        """How far the filter is open: brass opens after its attack, the rest with the level."""
        if self._kind != "brass":
            return envelope
        now = osc.seconds_axis(length)
        swell = np.minimum(1.0, now / 0.09) * (0.6 + 0.4 * np.exp(-now / max(self._decay, 0.1)))
        return np.asarray(swell, dtype=np.float32)

    def _wavetable(self, pitch_hz: float, length: int, envelope: osc.Mono) -> Audio:
        swing = 0.5 + 0.5 * osc.sine(0.2 + 4 * self._spread, length)
        place = envelope if self._sustain > 0.5 else swing
        detuned = (1 - self._detune / 3, 1 + self._detune / 3)
        phase = float(self._rng.random())
        return np.stack([osc.wavetable(pitch_hz * d, self._spectra, place, phase) for d in detuned])

    def _air(self, pitch_hz: float, length: int, envelope: osc.Mono) -> Audio:
        """Noise in narrow bands at the first partials: between a pad and the wind."""
        hiss = osc.stereo_noise(self._rng, length)
        out = np.zeros((2, length), dtype=np.float32)
        for partial in (1, 2, 3):
            centre = partial * pitch_hz
            out += osc.bandpass(hiss, 0.985 * centre, 1.015 * centre) * self._drawbars[partial]
        return np.asarray(4.0 * out * (0.5 + 0.5 * envelope), dtype=np.float32)

    def _strings(self, pitch_hz: float, length: int) -> Audio:
        bright = float(np.clip(self._drawbars[0], 0.1, 0.95))
        left = osc.plucked(self._rng, pitch_hz, length, bright)
        right = osc.plucked(self._rng, pitch_hz * (1 + self._detune / 6), length, bright)
        return np.stack([left, (1 - self._spread) * left + self._spread * right])

    def _stack(self, pitch_hz: float, length: int) -> Audio:
        out = np.zeros((2, length), dtype=np.float32)
        for place in np.linspace(-1, 1, self._voices):
            tuned: osc.Mono | float = pitch_hz * (1 + self._detune * place)
            if self._kind == "ensemble":
                # Each player's vibrato has its own speed.
                wobble = osc.sine(4.5 + 1.5 * float(place), length, float(self._rng.random()))
                tuned = np.asarray(tuned * (1 + 0.004 * wobble), dtype=np.float32)
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
