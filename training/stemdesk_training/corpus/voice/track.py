"""A vocal line in parameters: what the synthesis sounds, every 5 ms."""

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import ndimage

from stemdesk_training.corpus.voice.world import (
    AP_BANDS,
    BINS,
    HOP_FRAMES,
    HOP_SECONDS,
    Mono,
    Recording,
    grid_hz,
)
from stemdesk_training.corpus.waveform import RATE_HZ

# Frames over which a recorded consonant and the sounded voice are cross-faded.
_SEAM_FRAMES = 176
Indices = NDArray[np.int64]


@dataclass(slots=True)
class Track:
    """Parameters of a line; one row per 5 ms.

    ``envelope [steps, BINS]``, ``aperiodicity_db [steps, AP_BANDS]``, ``voicing [steps]`` (0..1),
    ``gain [steps]``, ``bend [steps]`` (the recording's own deviation from its pitch, semitones);
    ``natural [frames]`` holds unvoiced sounds as recorded, beyond gain.
    """

    envelope: Mono
    aperiodicity_db: Mono
    voicing: Mono
    gain: Mono
    bend: Mono
    natural: Mono

    @classmethod
    def empty(cls, steps: int) -> "Track":
        """Silence of a number of steps."""
        return cls(
            np.full((steps, BINS), -12.0, dtype=np.float32),
            np.zeros((steps, AP_BANDS), dtype=np.float32),
            np.zeros(steps, dtype=np.float32),
            np.zeros(steps, dtype=np.float32),
            np.zeros(steps, dtype=np.float32),
            np.zeros(round(steps * HOP_FRAMES) + 1, dtype=np.float32),
        )

    @property
    def steps(self) -> int:
        """Length in steps of 5 ms."""
        return len(self.gain)


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a recording to be laid into a track.

    ``place [n]`` is the recording's step to read at each step of the track from ``start``;
    ``join`` steps are cross-faded with what lies there; ``gain`` multiplies amplitudes;
    ``release`` steps fade it out at its end.
    """

    recording: Recording
    start: int
    place: NDArray[np.float64]
    join: int
    gain: float = 1.0
    release: int = 3
    formant: float = 1.0


def lay(track: Track, passage: Passage) -> None:
    """Write a passage over what the track holds from its start on."""
    begin = max(0, passage.start)
    place = passage.place[begin - passage.start :]
    stop = min(track.steps, begin + len(place))
    place = place[: stop - begin]
    if stop - begin < 2:
        return
    source = passage.recording
    index = np.clip(place.astype(np.int64), 0, source.steps - 1)
    pitch = source.pitch_hz[index]
    voiced = (pitch > 0).astype(np.float32)
    share = _joining(track, begin, stop, passage.join)
    row = slice(begin, stop)
    old = 1.0 - share
    # Silence has no timbre: a passage that rises from it keeps its own.
    mixed = np.where(track.gain[row] > 1e-4, share, np.float32(1.0))[:, None]
    envelope = source.envelope[index].astype(np.float32)
    noise = source.aperiodicity_db[index].astype(np.float32)
    track.envelope[row] = _between(track.envelope[row], envelope, mixed)
    track.aperiodicity_db[row] += (noise - track.aperiodicity_db[row]) * mixed
    track.voicing[row] = track.voicing[row] * old + voiced * share
    level = passage.gain * _release(stop - begin, passage.release)
    track.gain[row] = track.gain[row] * old + level * share
    middle = max(source.median_hz, 1.0)
    own = np.where(voiced > 0, 12 * np.log2(np.maximum(pitch, 1.0) / middle), 0.0)
    track.bend[row] = track.bend[row] * old + np.clip(own, -1, 1) * share
    _natural(track, passage, index, (begin, stop))


def blur(track: Track, seconds: float) -> None:
    """Let the timbre of the voice change no faster than within ``seconds``.

    Silence stays out of it, and so do consonants: their noise would smear into the vowels.
    """
    width = seconds / HOP_SECONDS
    voiced = (track.gain > 1e-4) & (track.voicing > 0)
    share = ndimage.gaussian_filter1d(voiced.astype(np.float32), width)[:, None]
    for rows in (track.envelope, track.aperiodicity_db):
        summed = ndimage.gaussian_filter1d(rows * voiced[:, None], width, axis=0)
        rows[voiced] = (summed / np.maximum(share, np.float32(1e-6)))[voiced]


def _between(old: Mono, new: Mono, share: Mono) -> Mono:
    """Envelopes on the way from one to another, as loud as both are on the average.

    Without that, peaks that lie apart would cancel half way, and every joint would dip.
    """
    mixed = old + (new - old) * share
    joint = share[:, 0] < 1
    if joint.any():
        part = share[joint, 0]
        wanted = (1 - part) * _loudness(old[joint]) + part * _loudness(new[joint])
        mixed[joint] += (wanted - _loudness(mixed[joint]))[:, None]
    return mixed


def _loudness(envelope: Mono) -> Mono:
    """Logarithm of the amplitude of the whole spectrum, ``[n]``."""
    width = np.gradient(grid_hz()).astype(np.float32)
    return np.asarray(0.5 * np.log(np.exp(2 * envelope) @ width), dtype=np.float32)


def _joining(track: Track, begin: int, stop: int, join: int) -> Mono:
    """Rises from 0 to 1 over ``join`` steps where something sounds before; else over two."""
    steps = stop - begin
    sounding = begin > 0 and track.gain[begin] > 1e-4
    ramp = np.arange(1, steps + 1) / (max(1, join) + 1 if sounding else 2)
    return np.minimum(1.0, ramp).astype(np.float32)


def _release(steps: int, release: int) -> Mono:
    fall = np.arange(steps, 0, -1) / (release + 1)
    return np.minimum(1.0, fall).astype(np.float32)


def _natural(track: Track, passage: Passage, index: Indices, span: tuple[int, int]) -> None:
    """Copy the recorded sound of unvoiced stretches, aligned to where the voice sets in."""
    begin, stop = span
    first, last = round(begin * HOP_FRAMES), round(stop * HOP_FRAMES)
    # What lay here makes room over the seam.
    under = track.natural[first:]
    room = min(len(under), _SEAM_FRAMES)
    under[:room] *= np.linspace(1, 0, room, dtype=np.float32)
    under[room:] = 0.0
    source = passage.recording
    silent = np.concatenate([[0], (source.pitch_hz[index] <= 0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(silent))
    for rise, fall in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        length = round((fall - rise) * HOP_FRAMES) + 2 * _SEAM_FRAMES
        read = round(length * passage.formant)
        if fall < len(index):
            origin = round(float(index[fall]) * HOP_FRAMES) + _SEAM_FRAMES - read
        else:
            origin = round(float(index[rise]) * HOP_FRAMES) - _SEAM_FRAMES
        sound = _excerpt(source.audio, origin, read, length)
        ramp = np.minimum(1.0, np.arange(length) / (2 * _SEAM_FRAMES))
        sound = (sound * ramp * ramp[::-1]).astype(np.float32)
        to = first + round(rise * HOP_FRAMES) - _SEAM_FRAMES
        cut, end_frame = max(0, first - to), min(length, last + _SEAM_FRAMES - to)
        end_frame = min(end_frame, len(track.natural) - to)
        if end_frame > cut:
            track.natural[to + cut : to + end_frame] += sound[cut:end_frame]


def _excerpt(audio: Mono, origin: int, read: int, length: int) -> Mono:
    """``read`` frames from ``origin`` on (silence beyond the ends) in the time of ``length``."""
    begin, end = max(0, origin), min(len(audio), origin + read)
    sound = np.zeros(read, dtype=np.float32)
    if end > begin:
        sound[begin - origin : end - origin] = audio[begin:end]
    if read == length:
        return sound
    # A good resampler: interpolation by lines would take the edge off every sibilant.
    moved = soxr.resample(sound, RATE_HZ * read / length, RATE_HZ, "MQ")[:length]
    return np.pad(moved, (0, length - len(moved))).astype(np.float32)
