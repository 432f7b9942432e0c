"""Sound from a track: pulses through minimum-phase envelopes, shaped noise, recorded consonants.

The model is WORLD's (Morise et al. 2016): per pulse a minimum-phase response of the envelope's
periodic part, and noise of the aperiodic part. Written for arrays: many pulses are transformed at
once, which is several times faster than the library's own synthesis and lets pulses be uneven.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from stemdesk_training.corpus.voice.track import Track
from stemdesk_training.corpus.voice.tract import (
    SIZE,
    Tract,
    aperiodicity_reading,
    noise_share_db,
)
from stemdesk_training.corpus.voice.world import HOP_FRAMES, Mono
from stemdesk_training.corpus.waveform import RATE_HZ, Rng

_HALF = SIZE // 2
_NEPER_PER_DB = np.float32(np.log(10) / 20)
_AT_ONCE = 512
_NOISE_HOP = SIZE // 4
Wide = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Source:
    """The glottis: how regular its pulses are and how much of the voice is breath.

    ``jitter`` and ``shimmer`` are relative; ``subharmonic`` weakens every second pulse (0..1);
    ``growl`` modulates by a slower, uneven wave (0..1); ``whisper`` replaces the pulses by noise.
    """

    jitter: float = 0.0015
    shimmer: float = 0.03
    subharmonic: float = 0.0
    growl: float = 0.0
    whisper: bool = False


def pulse_times(pitch_hz: Wide) -> Wide:
    """Steps (fractional) at which the phase of a contour, one value per 5 ms, completes a turn."""
    turns = np.concatenate([[0.0], np.cumsum(0.5 * (pitch_hz[1:] + pitch_hz[:-1]))])
    turns *= HOP_FRAMES / RATE_HZ
    return np.asarray(np.interp(np.arange(1, int(turns[-1])), turns, np.arange(len(turns))))


def render(
    track: Track,
    pitch_hz: Wide,
    tract: Tract,
    source: Source,
    rng: Rng,
    tilt_db: Mono | None = None,
) -> Mono:
    """Sound a track along a pitch contour.

    Args:
        track: what to sound.
        pitch_hz: ``[steps]``, the pitch every 5 ms.
        tract: bends the envelope.
        source: the voice's regularity.
        rng: draws noise, jitter and shimmer.
        tilt_db: ``[steps]``, effort: decibels per octave above 1 kHz, more when loud.

    Returns:
        Mono float32 ``[frames]``, as long as the track.
    """
    length = len(track.natural) - 1
    out = np.zeros(length + 2 * SIZE, dtype=np.float32)
    shape = _Shape(track, tract, tilt_db)
    if not source.whisper:
        _pulses(out, shape, pitch_hz, source, rng)
    breath = _noise(length, shape, source, rng)
    if not source.whisper:
        breath *= _glottal_beat(pitch_hz, length)
    voice = out[_HALF : _HALF + length] + breath + track.natural[:length] * shape.consonants
    at = np.arange(length) / HOP_FRAMES
    gain = np.interp(at, np.arange(track.steps), track.gain)
    return np.asarray(voice * gain, dtype=np.float32)


class _Shape:
    """Envelope and noise share of a track at any step, through a tract."""

    def __init__(self, track: Track, tract: Tract, tilt_db: Mono | None) -> None:
        self._track = track
        self._reading = tract.reading()
        self._noise_reading = aperiodicity_reading()
        self._tint = tract.tint()
        self._breath_db = tract.breath_db
        self.phase = tract.delay_phase()
        self._tilt = tilt_db
        octave = np.log2(np.clip(np.arange(_HALF + 1) * (RATE_HZ / SIZE), 500.0, 8000.0) / 1000.0)
        self._octave = octave.astype(np.float32)
        self.consonants = np.float32(10 ** (0.03 * tract.tilt_db_per_octave))

    def at(self, steps: Wide) -> tuple[Mono, Mono]:
        """Logarithmic amplitude and noise share (dB), each ``[n, SIZE // 2 + 1]``."""
        track = self._track
        low = np.clip(steps.astype(np.int64), 0, track.steps - 1)
        high = np.minimum(low + 1, track.steps - 1)
        part = (steps - low).astype(np.float32)[:, None]
        rows = track.envelope[low] * (1 - part) + track.envelope[high] * part
        amplitude = rows @ self._reading
        amplitude += self._tint
        if self._tilt is not None:
            amplitude += self._tilt[low][:, None] * _NEPER_PER_DB * self._octave
        bands = noise_share_db(track.aperiodicity_db[low], self._breath_db)
        return amplitude, bands @ self._noise_reading

    def voicing(self, steps: Wide) -> Mono:
        """How much of the sound is voice, ``[n]``."""
        low = np.clip(steps.astype(np.int64), 0, self._track.steps - 1)
        return self._track.voicing[low]

    def audible(self, steps: Wide) -> NDArray[np.bool_]:
        """Where the track sounds at all."""
        low = np.clip(steps.astype(np.int64), 0, self._track.steps - 1)
        return self._track.gain[low] > 1e-4


def _unevenness(count: int, source: Source, rng: Rng) -> Mono:
    """Amplitude of each pulse."""
    strength = 1 + source.shimmer * rng.standard_normal(count)
    strength[1::2] *= 1 - 0.6 * source.subharmonic
    if source.growl > 0:
        turn = np.cumsum(rng.uniform(0.2, 0.45, count))
        strength *= 1 + source.growl * 0.7 * np.sin(2 * np.pi * turn)
    return np.asarray(np.maximum(strength, 0.05), dtype=np.float32)


def _pulses(out: Mono, shape: _Shape, pitch_hz: Wide, source: Source, rng: Rng) -> None:
    steps = pulse_times(pitch_hz)
    period = RATE_HZ / np.interp(steps, np.arange(len(pitch_hz)), pitch_hz)
    uneven = source.jitter * rng.standard_normal(len(steps))
    uneven[1::2] += 0.05 * source.subharmonic
    uneven += 0.04 * source.growl * rng.standard_normal(len(steps))
    strength = _unevenness(len(steps), source, rng) * np.sqrt(period)
    moments = steps * HOP_FRAMES + uneven * period
    voicing = shape.voicing(steps)
    use = np.flatnonzero((voicing > 0.02) & shape.audible(steps))
    for begin in range(0, len(use), _AT_ONCE):
        some = use[begin : begin + _AT_ONCE]
        whole = np.floor(moments[some]).astype(np.int64)
        responses = _responses(shape, steps[some], (moments[some] - whole).astype(np.float32))
        responses *= (strength[some] * voicing[some]).astype(np.float32)[:, None]
        for start, response in zip((whole + _HALF).tolist(), responses, strict=True):
            if start >= 0:
                out[start : start + SIZE] += response[: max(0, len(out) - start)]


def _responses(shape: _Shape, steps: Wide, delay: Mono) -> Mono:
    """Minimum-phase responses ``[n, SIZE]`` of the periodic part, late by ``delay`` frames."""
    amplitude, noise_db = shape.at(steps)
    noise_power = np.exp(noise_db * (2 * _NEPER_PER_DB))
    amplitude += 0.5 * np.log(np.maximum(1 - noise_power, np.float32(1e-6)))
    cepstrum = fft.irfft(amplitude, SIZE, axis=1)
    cepstrum[:, 1:_HALF] *= 2
    cepstrum[:, _HALF + 1 :] = 0
    spectrum = fft.rfft(cepstrum, axis=1)
    turn = np.arange(_HALF + 1, dtype=np.float32) * np.float32(2 * np.pi / SIZE)
    angle = spectrum.imag - turn * delay[:, None] - shape.phase
    size = np.exp(spectrum.real)
    built = np.empty_like(spectrum)
    built.real = size * np.cos(angle)
    built.imag = size * np.sin(angle)
    built[:, 0] = 0
    response = fft.irfft(built, SIZE, axis=1)
    # The end of the transform holds what rings longer than it; faded, it does not click.
    tail = SIZE // 8
    response[:, -tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return np.asarray(response, dtype=np.float32)


def _noise(length: int, shape: _Shape, source: Source, rng: Rng) -> Mono:
    """The aperiodic part where there is voice; all of it for a whisper."""
    count = length // _NOISE_HOP + 4
    white = rng.standard_normal(count * _NOISE_HOP + SIZE, dtype=np.float32)
    out = np.zeros(count * _NOISE_HOP + SIZE, dtype=np.float32)
    window = np.sqrt(np.hanning(SIZE + 1)[:SIZE] / 2).astype(np.float32)
    centres = (np.arange(count) * _NOISE_HOP).astype(np.float64) / HOP_FRAMES
    level = np.sqrt(shape.voicing(centres))
    use = np.flatnonzero((level > 0.02) & shape.audible(centres))
    index = np.arange(SIZE)
    for begin in range(0, len(use), _AT_ONCE):
        some = use[begin : begin + _AT_ONCE]
        amplitude, noise_db = shape.at(centres[some])
        if not source.whisper:
            amplitude += noise_db * _NEPER_PER_DB
        grains = white[(some * _NOISE_HOP)[:, None] + index] * window
        spectrum = fft.rfft(grains, axis=1) * np.exp(amplitude)
        spectrum[:, 0] = 0
        grains = fft.irfft(spectrum, SIZE, axis=1) * (window * level[some][:, None])
        for start, grain in zip((some * _NOISE_HOP).tolist(), grains, strict=True):
            out[start : start + SIZE] += grain
    return out[_HALF : _HALF + length]


def _glottal_beat(pitch_hz: Wide, length: int) -> Mono:
    """Breath comes in puffs, once per period, so that it fuses with the voice."""
    at = np.arange(length) / HOP_FRAMES
    turns = np.cumsum(np.interp(at, np.arange(len(pitch_hz)), pitch_hz) / RATE_HZ)
    return (1.0 + 0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)
