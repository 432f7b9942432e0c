"""Recordings taken apart: pitch, spectral envelope and aperiodicity every 5 ms.

The analysis is WORLD's (Morise, Yokomori, Ozawa 2016, "WORLD: a vocoder-based high-quality speech
synthesis system for real-time applications") by way of ``pyworld``. The envelope is kept on a mel
grid and the aperiodicity in bands, as half floats, so that hours of voices fit on a disk and a
cached analysis equals a fresh one.
"""

import importlib
import warnings
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus.waveform import RATE_HZ

HOP_SECONDS = 0.005
HOP_FRAMES = HOP_SECONDS * RATE_HZ
BINS = 128
AP_BANDS = 5
# Raised with every change to what an analysis holds: old caches are then no longer found.
VERSION = 2
_LEVEL = 0.1
_APERIODICITY_EVERY = 6

Mono = NDArray[np.float32]
Half = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Recording:
    """A mono recording and its analysis, voiced parts at an RMS of 0.1.

    ``audio`` is ``[frames]`` at 44.1 kHz; the rest has one row per 5 ms: ``pitch_hz [steps]`` (0
    where unvoiced), ``envelope [steps, BINS]`` (natural logarithm of the amplitude on a mel grid),
    ``aperiodicity_db [steps, AP_BANDS]`` (0 is all noise).
    """

    audio: Mono
    pitch_hz: Mono
    envelope: Half
    aperiodicity_db: Half

    @property
    def steps(self) -> int:
        """Number of analysis frames."""
        return len(self.pitch_hz)

    @property
    def median_hz(self) -> float:
        """Median pitch of what is voiced, 0 if nothing is."""
        voiced = self.pitch_hz[self.pitch_hz > 0]
        return float(np.median(voiced)) if voiced.size else 0.0

    def between(self, first: int, last: int) -> "Recording":
        """The analysis frames ``first`` to ``last`` (not included) and their sound."""
        begin, end = round(first * HOP_FRAMES), round(last * HOP_FRAMES)
        return Recording(
            self.audio[begin:end],
            self.pitch_hz[first:last],
            self.envelope[first:last],
            self.aperiodicity_db[first:last],
        )


@lru_cache(maxsize=1)
def pyworld() -> ModuleType:
    """The vocoder, imported when first used: it is an extra that few installations have."""
    with warnings.catch_warnings():
        # pyworld 0.3.5 imports pkg_resources, which warns.
        warnings.simplefilter("ignore")
        return importlib.import_module("pyworld")


def mel(frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """O'Shaughnessy's mel scale."""
    return np.asarray(2595.0 * np.log10(1.0 + frequency_hz / 700.0), dtype=np.float64)


@lru_cache(maxsize=1)
def grid_hz() -> NDArray[np.float64]:
    """Frequencies of the envelope's bins, from 0 to half the sample rate."""
    top = float(mel(np.array([RATE_HZ / 2]))[0])
    return np.asarray(700.0 * (10.0 ** (np.linspace(0, top, BINS) / 2595.0) - 1.0))


@lru_cache(maxsize=2)
def _to_grid(bins: int) -> Mono:
    """Triangles that average a spectrum of ``bins`` onto the mel grid, ``[bins, BINS]``."""
    places = grid_hz() / (RATE_HZ / 2) * (bins - 1)
    reach = np.maximum(1.0, np.gradient(places))
    distance = np.abs(np.arange(bins)[:, None] - places[None, :]) / reach[None, :]
    weights = np.maximum(0.0, 1.0 - distance)
    return np.asarray(weights / weights.sum(axis=0), dtype=np.float32)


def track_pitch(audio: NDArray[np.float64], floor_hz: float, ceiling_hz: float) -> Mono:
    """Pitch every 5 ms (dio and stonemask); a second pass stays near the median of the first."""
    world = pyworld()

    def once(low_hz: float, high_hz: float) -> NDArray[np.float64]:
        period_ms = 1000 * HOP_SECONDS
        # At a quarter of the rate it is five times as fast, and stonemask refines it.
        raw, times = world.dio(audio, RATE_HZ, low_hz, high_hz, frame_period=period_ms, speed=4)
        return np.asarray(world.stonemask(audio, raw, times, RATE_HZ))

    first = once(floor_hz, ceiling_hz)
    voiced = first[first > 0]
    if voiced.size < 10:
        return first.astype(np.float32)
    low, middle, high = np.percentile(voiced, [10, 50, 90])
    # Octave errors lie outside of what the voice mostly sings.
    near = once(max(floor_hz, min(low * 0.8, middle * 0.55)), min(ceiling_hz, high * 1.35))
    return near.astype(np.float32)


def _aperiodicity(audio: NDArray[np.float64], pitch: NDArray[np.float64]) -> Half:
    """Band aperiodicity in dB; measured every 30 ms, for D4C is the costly part of WORLD."""
    world = pyworld()
    some = np.ascontiguousarray(pitch[::_APERIODICITY_EVERY])
    times = np.arange(len(some)) * (HOP_SECONDS * _APERIODICITY_EVERY)
    coded = world.code_aperiodicity(world.d4c(audio, some, times, RATE_HZ), RATE_HZ)
    # A gap of the voicing between two measurements is noise in either.
    coded = np.minimum(coded, 0.0)
    at = np.arange(len(pitch)) / _APERIODICITY_EVERY
    columns = [np.interp(at, np.arange(len(some)), column) for column in coded.T]
    return np.stack(columns, axis=1).astype(np.float16)


def analyse(audio: Mono, floor_hz: float = 65.0, ceiling_hz: float = 1000.0) -> Recording:
    """Take ``audio [frames]`` (44.1 kHz, at least 50 ms) apart."""
    steps = int(len(audio) / HOP_FRAMES)
    if steps < 10:
        msg = "a recording of less than 50 ms cannot be analysed"
        raise ValueError(msg)
    pitch_hz = track_pitch(audio.astype(np.float64), floor_hz, ceiling_hz)[:steps]
    sounding = np.repeat(pitch_hz > 0, int(HOP_FRAMES))[: len(audio)]
    loud = audio[: len(sounding)][sounding] if sounding.any() else audio
    rms = float(np.sqrt(np.mean(np.square(loud, dtype=np.float64))))
    # Quantised as the cache will hold it, so that both give the same sound.
    levelled = np.clip(audio * (_LEVEL / max(rms, 1e-4)), -3.9, 3.9)
    kept = (np.rint(levelled * 8192).astype(np.int16) / np.float32(8192)).astype(np.float32)
    wide = kept.astype(np.float64)
    pitch = pitch_hz.astype(np.float64)
    times = np.arange(steps) * HOP_SECONDS
    power = pyworld().cheaptrick(wide, pitch, times, RATE_HZ)
    logarithm = (0.5 * np.log(np.maximum(power, 1e-12))).astype(np.float32)
    envelope = logarithm @ _to_grid(power.shape[1])
    return Recording(kept, pitch_hz, envelope.astype(np.float16), _aperiodicity(wide, pitch))
