"""What is found in one stem or mixture by looking at it alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from scipy.ndimage import uniform_filter1d

from stemdesk.audio.levels import db

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.audio.clip import AudioClip

FULL_SCALE = 0.9999
OVER_FULL_SCALE = 1.0001  # only floating point goes there, and is not clipped
CLIPPED_RUN_FRAMES = 3  # at full scale in a row: a single peak may well be there
BLOCK_SECONDS = 0.1
ACTIVE_DB = -60.0
SPECTRUM_FRAMES = 4096
CLIFF_DB = 45.0  # by so much the spectrum falls where somebody cut it off
CLIFF_HZ = 1500.0  # within so much
NOISE_DB = -110.0  # below it there is only rounding


class Facts(msgspec.Struct, frozen=True):
    """See the module.

    Attributes:
        sample_rate: Hz.
        channels: number of channels.
        frames: samples per channel.
        dc_db: the largest channel's mean, in dBFS.
        clipped_runs: runs of three or more samples at full scale.
        clipped_share: of its energy lies in these runs.
        peak_db: dBFS.
        rms_db: dBFS, of the whole.
        active_share: of the time in which its level is above -60 dBFS.
        top_hz: where its spectrum breaks off, half the sample rate where it does not.
        side_db: energy of the difference of two channels against their sum's; -inf if identical.
        audio_hash: of its samples, whatever file format holds them.
        envelope: peak of each of 300 equal stretches, for pictures.
    """

    sample_rate: int
    channels: int
    frames: int
    dc_db: float
    clipped_runs: int
    clipped_share: float
    peak_db: float
    rms_db: float
    active_share: float
    top_hz: float
    side_db: float
    audio_hash: str
    envelope: list[float] = []

    @property
    def seconds(self) -> float:
        """Length."""
        return self.frames / self.sample_rate


ENVELOPE_COLUMNS = 300


def look_at(clip: AudioClip) -> Facts:
    """Measure a clip."""
    samples = clip.samples
    mono = samples.mean(axis=0, dtype=np.float64)
    runs_frames = np.concatenate([_clipped_runs(np.abs(channel)) for channel in samples])
    energy = float(np.square(samples, dtype=np.float64).sum())
    return Facts(
        sample_rate=clip.sample_rate,
        channels=clip.channels,
        frames=clip.frames,
        dc_db=db(float(np.abs(samples.mean(axis=1, dtype=np.float64)).max())),
        clipped_runs=len(runs_frames),
        clipped_share=float(runs_frames.sum()) / energy if energy else 0.0,
        peak_db=db(float(np.abs(samples).max(initial=0.0))),
        rms_db=db(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))),
        active_share=_active_share(samples, clip.sample_rate),
        top_hz=top_hz(mono, clip.sample_rate),
        side_db=_side_db(samples),
        audio_hash=hashlib.sha256(np.ascontiguousarray(samples).tobytes()).hexdigest(),
        envelope=_envelope(samples),
    )


def _clipped_runs(magnitudes: NDArray[np.float32]) -> NDArray[np.int64]:
    """The length in frames of each run that is long enough."""
    hits = (magnitudes >= FULL_SCALE) & (magnitudes <= OVER_FULL_SCALE)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], hits.astype(np.int8), [0]))))
    lengths: NDArray[np.int64] = edges[1::2] - edges[::2]
    return lengths[lengths >= CLIPPED_RUN_FRAMES]


def _active_share(samples: NDArray[np.float32], sample_rate: int) -> float:
    block = max(1, round(BLOCK_SECONDS * sample_rate))
    count = max(1, samples.shape[1] // block)
    used = samples[:, : count * block] if samples.shape[1] >= block else samples
    power = np.square(used).reshape(samples.shape[0], count, -1).mean(axis=(0, 2))
    return float((power > 10 ** (ACTIVE_DB / 10)).mean())


def _side_db(samples: NDArray[np.float32]) -> float:
    if samples.shape[0] != 2:
        return 0.0
    mid = float(np.square(samples[0] + samples[1], dtype=np.float64).sum())
    side = float(np.square(samples[0] - samples[1], dtype=np.float64).sum())
    return db(np.sqrt(side / mid)) if mid > 0 else 0.0


def _envelope(samples: NDArray[np.float32]) -> list[float]:
    peaks = np.abs(samples).max(axis=0, initial=0.0)
    edges = np.linspace(0, len(peaks), ENVELOPE_COLUMNS + 1).astype(int)[:-1]
    columns = np.maximum.reduceat(peaks, np.minimum(edges, max(0, len(peaks) - 1)))
    return [round(float(value), 4) for value in columns]


def mean_spectrum_db(mono: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean power spectrum in dB, `[2049]` from 0 Hz to half the sample rate."""
    size = SPECTRUM_FRAMES
    count = max(1, len(mono) // size)
    padded = np.pad(mono, (0, max(0, size - len(mono))))[: count * size].reshape(count, size)
    power = np.square(np.abs(np.fft.rfft(padded * np.hanning(size), axis=1))).mean(axis=0)
    return np.asarray(10 * np.log10(power / (size * size / 16) + 1e-30), dtype=np.float64)


def top_hz(mono: NDArray[np.float64], sample_rate: int) -> float:
    """Where the spectrum breaks off as an encoder or resampler cuts it; else half the rate."""
    decibels = mean_spectrum_db(mono)
    bin_hz = sample_rate / SPECTRUM_FRAMES
    width = max(1, round(200 / bin_hz))
    smooth = uniform_filter1d(decibels, width, mode="nearest")
    reach = max(1, round(CLIFF_HZ / bin_hz))
    fall = smooth[:-reach] - smooth[reach:]
    # Above the cliff there is nothing any more; a valley of the music is none.
    rest = np.maximum.accumulate(smooth[::-1])[::-1][reach:]
    is_cliff = (fall > CLIFF_DB) & (smooth[:-reach] - rest > CLIFF_DB)
    is_cliff[: round(2000 / bin_hz)] = False
    places = np.flatnonzero(is_cliff & (smooth[:-reach] > NOISE_DB))
    if not len(places):
        return sample_rate / 2
    first = int(places[0])
    half_way = smooth[first] - CLIFF_DB / 2
    return bin_hz * (first + int(np.argmax(smooth[first:] < half_way)))
