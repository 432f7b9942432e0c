"""The tempo of a song and where its beats lie, for songs that keep one tempo.

Onset strength is the spectral flux of log-compressed magnitudes in bands a semitone-and-a-half
wide (Boeck and Widmer 2013, without the vibrato suppression). The tempo comes from its
autocorrelation, weighted by how likely tempos are (Ellis 2007: log-normal around 120), and is then
made precise by asking which steady pulse meets the onsets of the whole song best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.fft

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stemdesk.audio.spectrogram import Readable

    Curve = NDArray[np.float64]

STEPS_PER_SECOND = 100
WINDOW_SECONDS = 0.046
BANDS_PER_OCTAVE = 8
LOWEST_HZ, HIGHEST_HZ = 30.0, 16_000.0
SLOWEST_BPM, FASTEST_BPM = 50.0, 220.0
# Chosen on 45 drum performances of known tempo: 40 found, 5 at twice or half of it, none elsewhere.
BAR_WEIGHTS = {2: 0.5, 4: 1.0}
LIKELY_BPM, LIKELY_OCTAVES = 120.0, 0.9
BLOCK_SECONDS = 10.0
LOCAL_SECONDS = 0.5
RIPPLE = 0.02  # of a steady tone's level from step to step
BEATS_HEARD = 0.2  # share of the beats on which something begins
STEADY = 2.0  # how much stronger the beats must be than what lies between them


@dataclass(frozen=True)
class FoundTempo:
    """A steady tempo that was found.

    Attributes:
        bpm: beats a minute.
        first_beat_seconds: the first beat at or after the song's beginning.
        contrast: onset strength on the beats over that of the whole song; 1 means no pulse.
    """

    bpm: float
    first_beat_seconds: float
    contrast: float


def find_tempo(
    source: Readable, report: Callable[[float, str], None] = lambda *_: None
) -> FoundTempo | None:
    """The song's tempo; None where no steady pulse is heard.

    Args:
        source: the song.
        report: told the fraction done; may raise Cancelled.
    """
    onsets = onset_strength(source, report)
    if len(onsets) < 4 * STEPS_PER_SECOND or not onsets.any():
        return None
    bpm = _rough_bpm(onsets)
    bpm, phase, strength = _steady_pulse(onsets, bpm)
    contrast = strength / float(onsets.mean())
    period = 60 / bpm
    beats = np.arange(phase, len(onsets) / STEPS_PER_SECOND - 0.05, period) * STEPS_PER_SECOND
    near = np.maximum.reduce([onsets[np.rint(beats).astype(int) + shift] for shift in (-2, 0, 2)])
    if contrast < STEADY or np.mean(near > onsets.mean()) < BEATS_HEARD:
        return None
    return FoundTempo(bpm, phase % period, contrast)


def onset_strength(
    source: Readable, report: Callable[[float, str], None] = lambda *_: None
) -> Curve:
    """How much begins at each hundredth of a second."""
    rate = source.sample_rate
    size = scipy.fft.next_fast_len(round(WINDOW_SECONDS * rate), real=True)
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    filters = _bands(rate, size)
    total = int(source.frames / rate * STEPS_PER_SECOND)
    per_block = int(BLOCK_SECONDS * STEPS_PER_SECOND)
    before: NDArray[np.float64] | None = None
    flux: list[Curve] = []
    for first in range(0, total, per_block):
        report(first / total, "finding the tempo")
        steps = np.arange(first, min(total, first + per_block))
        starts = np.rint(steps * rate / STEPS_PER_SECOND).astype(np.int64) - size // 2
        whole = source.read_at(int(starts[0]), int(starts[-1] - starts[0]) + size).mean(axis=0)
        blocks = np.lib.stride_tricks.sliding_window_view(whole, size)[starts - starts[0]]
        bands = np.log1p(100 * (np.abs(scipy.fft.rfft(blocks * window)) @ filters))
        joined = bands if before is None else np.concatenate((before, bands))
        rises = np.maximum(0, np.diff(joined, axis=0) - RIPPLE).sum(axis=1)
        flux.append(np.concatenate((np.zeros(1 if before is None else 0), rises)))
        before = bands[-1:]
    if not flux:
        return np.zeros(0)
    onsets = np.concatenate(flux)
    # Against what is usual nearby, so that loud parts do not outweigh the rest.
    width = int(LOCAL_SECONDS * STEPS_PER_SECOND)
    if len(onsets) <= 2 * width:
        return onsets
    usual = np.convolve(onsets, np.ones(2 * width + 1) / (2 * width + 1), mode="same")
    return np.maximum(0, onsets - usual)


def _bands(rate: int, size: int) -> NDArray[np.float32]:
    """`[bins, bands]`: which bins add up to which band, the mean of each."""
    frequencies = np.arange(size // 2 + 1) * rate / size
    octaves = np.log2(np.maximum(frequencies, 1e-9) / LOWEST_HZ) * BANDS_PER_OCTAVE
    top = math.log2(min(HIGHEST_HZ, rate / 2) / LOWEST_HZ) * BANDS_PER_OCTAVE
    index = np.floor(octaves).astype(int)
    index[(octaves < 0) | (octaves >= top)] = -1
    used = np.unique(index[index >= 0])
    filters = (index[:, None] == used[None, :]).astype(np.float32)
    means: NDArray[np.float32] = filters / filters.sum(axis=0) / size
    return means


def _rough_bpm(onsets: Curve) -> float:
    size = scipy.fft.next_fast_len(2 * len(onsets), real=True)
    spectrum = scipy.fft.rfft(onsets - onsets.mean(), size)
    correlation = scipy.fft.irfft(np.square(np.abs(spectrum)), size)[: len(onsets)]
    lags = np.arange(
        int(60 * STEPS_PER_SECOND / FASTEST_BPM), int(60 * STEPS_PER_SECOND / SLOWEST_BPM) + 1
    )
    lags = lags[4 * lags + 2 < len(correlation)]
    # A beat is echoed by the bar; a period of three quarters of a beat is not.
    score = correlation[lags] + sum(
        weight * np.maximum.reduce([correlation[beats * lags + shift] for shift in (-1, 0, 1)])
        for beats, weight in BAR_WEIGHTS.items()
    )
    bpm = 60 * STEPS_PER_SECOND / lags
    likely = np.exp(-0.5 * np.square(np.log2(bpm / LIKELY_BPM) / LIKELY_OCTAVES))
    return float(bpm[int(np.argmax(np.maximum(score, 0) * likely))])


def _steady_pulse(onsets: Curve, rough_bpm: float) -> tuple[float, float, float]:
    """The tempo near the rough one whose pulse meets the onsets best: bpm, phase in s, strength."""
    smooth = np.convolve(onsets, np.hanning(7)[1:-1] / np.hanning(7)[1:-1].sum(), mode="same")
    seconds = len(onsets) / STEPS_PER_SECOND
    bpm, best = rough_bpm, (0.0, 0.0)
    reach = 0.04  # a lag of whole hundredths is off by at most this share
    while reach * rough_bpm / 60 * seconds > 0.02:
        candidates = bpm * (1 + np.linspace(-reach, reach, 33))
        found = [_pulse(smooth, candidate) for candidate in candidates]
        index = int(np.argmax([strength for strength, _ in found]))
        bpm, best = float(candidates[index]), found[index]
        reach /= 8
    return bpm, best[1], best[0]


def _pulse(onsets: Curve, bpm: float) -> tuple[float, float]:
    """Mean onset strength on the beats of the best phase, and that phase in seconds."""
    period = 60 * STEPS_PER_SECOND / bpm
    beats = np.arange(int((len(onsets) - 2) / period)) * period
    phases = np.arange(0, period, 1.0)
    at = beats[None, :] + phases[:, None]
    at = at[:, at[-1] < len(onsets) - 1] if at.size else at
    if not at.size:
        return 0.0, 0.0
    strengths = np.interp(at, np.arange(len(onsets)), onsets).mean(axis=1)
    index = int(np.argmax(strengths))
    return float(strengths[index]), float(phases[index] / STEPS_PER_SECOND)
