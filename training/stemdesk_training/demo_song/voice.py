"""A voice bank taken apart by WORLD, and phrases put together from its parts.

Syllables are joined in the vocoder's own terms (spectral envelope, aperiodicity, voicing), not as
waveforms: a phrase is synthesised in one piece, so that no join can click.
"""

import itertools
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stemdesk_training.corpus import oto
from stemdesk_training.corpus.samples import SampleShelf
from stemdesk_training.corpus.waveform import RATE_HZ, frames

with warnings.catch_warnings():
    # pyworld 0.3.5 imports pkg_resources, which warns.
    warnings.simplefilter("ignore")
    import pyworld

HOP_SECONDS = 0.005
_FFT = 1024
_FLOOR_HZ = 150.0
_CEILING_HZ = 600.0
_JOIN_SECONDS = 0.045
_FIXED_SECONDS = 0.12
_MOST_LEAD_SECONDS = 0.2
_RELEASE_SECONDS = 0.12
# Vowels that follow a vowel are drawn into each other, without the stop the bank has there.
_SLUR_SECONDS = 0.08
_STEADY_SECONDS = 0.06
_LEVEL_KEPT = 0.25

Steps = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Syllable:
    """One analysed cut of the bank.

    ``envelope`` is the log power spectrum and ``aperiodicity`` 0..1, both ``[steps, bins]``;
    ``voiced [steps]`` is 0 or 1. ``onset`` is the second at which the vowel begins, ``level`` the
    vowel's mean log power.
    """

    envelope: Steps
    aperiodicity: Steps
    voiced: Steps
    onset: float
    level: float

    @property
    def seconds(self) -> float:
        """Length of the cut."""
        return (len(self.voiced) - 1) * HOP_SECONDS


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a syllable sounds: its vowel begins at ``onset``, it is gone by ``end`` (seconds).

    A ``slurred`` syllable is a vowel only, drawn out of the vowel before it.
    """

    alias: str
    onset: float
    end: float
    slurred: bool = False


@dataclass(frozen=True, slots=True)
class Blend:
    """What WORLD needs for a phrase but its pitch; as in ``Syllable``, ``begin`` in seconds."""

    begin: float
    envelope: Steps
    aperiodicity: Steps
    voiced: NDArray[np.bool_]

    @property
    def times(self) -> Steps:
        """Time of each step in seconds."""
        return _times(self.begin, len(self.voiced))


def _times(begin: float, count: int) -> Steps:
    return np.asarray(begin + np.arange(count) * HOP_SECONDS, dtype=np.float64)


class VoiceBank:
    """A bank whose ``oto.ini`` names syllables with the vowel before them (``a ka``)."""

    def __init__(self, folder: Path, shelf: SampleShelf) -> None:
        """Read the bank's timings."""
        self._shelf = shelf
        self._entries = {entry.alias: entry for entry in oto.read(folder / "oto.ini")}
        self._kept: dict[str, Syllable] = {}

    def __contains__(self, alias: str) -> bool:
        """Whether the bank has the syllable."""
        return alias in self._entries

    def syllable(self, alias: str) -> Syllable:
        """The analysed syllable.

        Raises:
            KeyError: the bank has no such syllable.
        """
        if alias not in self._kept:
            self._kept[alias] = self._analysed(self._entries[alias])
        return self._kept[alias]

    def _analysed(self, entry: oto.Entry) -> Syllable:
        mono = self._shelf.get(entry.path)[0]
        start, end = entry.span(len(mono) / RATE_HZ)
        cut = mono[frames(start) : frames(end)].astype(np.float64)
        period_ms = 1000 * HOP_SECONDS
        pitch, times = pyworld.dio(cut, RATE_HZ, _FLOOR_HZ, _CEILING_HZ, frame_period=period_ms)
        pitch = pyworld.stonemask(cut, pitch, times, RATE_HZ)
        sung = pitch[pitch > 0]
        middle = float(np.median(sung)) if sung.size else 350.0
        # Octave errors beside a stop are noise, not voice.
        pitch[np.abs(np.log2(np.maximum(pitch, 1.0) / middle)) > 0.3] = 0.0
        envelope = np.log(pyworld.cheaptrick(cut, pitch, times, RATE_HZ, fft_size=_FFT) + 1e-16)
        aperiodicity = pyworld.d4c(cut, pitch, times, RATE_HZ, fft_size=_FFT)
        vowel = envelope[round((entry.preutterance + 0.1) / HOP_SECONDS) :]
        level = float(np.log(np.mean(np.exp(vowel))))
        voiced = (pitch > 0).astype(np.float64)
        return Syllable(envelope, aperiodicity, voiced, entry.preutterance, level)

    def blend(self, slots: list[Slot]) -> Blend:
        """Join syllables: each fades in, by its log spectrum, inside the vowel before it."""
        leads = [self.syllable(slots[0].alias).onset]
        for before, slot in itertools.pairwise(slots):
            most = 0.5 * _SLUR_SECONDS if slot.slurred else _MOST_LEAD_SECONDS
            leads.append(min(most, 0.62 * (slot.onset - before.onset)))
        begin = slots[0].onset - leads[0]
        count = int((slots[-1].end + _RELEASE_SECONDS - begin) / HOP_SECONDS) + 1
        now = _times(begin, count)
        bins = _FFT // 2 + 1
        total = Blend(begin, np.zeros((count, bins)), np.zeros((count, bins)), np.zeros(count, "?"))
        voiced = np.zeros(count)
        middle = float(np.mean([self.syllable(slot.alias).level for slot in slots]))
        weights = _weights(slots, leads, now)
        for slot, weight in zip(slots, weights, strict=True):
            here = np.flatnonzero(weight > 0)
            syllable = self.syllable(slot.alias)
            part = _at(syllable, slot, now[here])
            gain = (1 - _LEVEL_KEPT) * (middle - syllable.level)
            total.envelope[here] += weight[here, None] * (part[0] + gain)
            total.aperiodicity[here] += weight[here, None] * part[1]
            voiced[here] += weight[here] * part[2]
        total.voiced[:] = voiced > 0.5
        return total


def _weights(slots: list[Slot], leads: list[float], now: Steps) -> list[Steps]:
    """Each syllable's share at the times ``now``; they add up to 1."""
    rises = [np.ones(len(now))]
    for slot, lead in zip(slots[1:], leads[1:], strict=True):
        fade = _SLUR_SECONDS if slot.slurred else _JOIN_SECONDS
        rises.append(np.clip((now - slot.onset + lead) / fade, 0, 1))
    return [rise - after for rise, after in zip(rises, [*rises[1:], 0 * now], strict=True)]


def _at(syllable: Syllable, slot: Slot, now: Steps) -> tuple[Steps, Steps, Steps]:
    """Envelope, aperiodicity and voicing at the times ``now``, the vowel stretched to fit."""
    since = now - slot.onset
    available = syllable.seconds - 0.03 - syllable.onset - _FIXED_SECONDS
    wanted = max(float(since[-1]) - _FIXED_SECONDS, 1e-3)
    held = _FIXED_SECONDS + (since - _FIXED_SECONDS) * min(1.0, available / wanted)
    since = np.where(since < _FIXED_SECONDS, since, held)
    if slot.slurred:
        since = np.maximum(since, _STEADY_SECONDS)
    place = (syllable.onset + since) / HOP_SECONDS
    place = np.clip(place, 0, len(syllable.voiced) - 1.001)
    first = place.astype(np.int64)
    part = (place - first)[:, None]
    return (
        syllable.envelope[first] * (1 - part) + syllable.envelope[first + 1] * part,
        syllable.aperiodicity[first] * (1 - part) + syllable.aperiodicity[first + 1] * part,
        syllable.voiced[np.round(place).astype(np.int64)],
    )


def synthesise(blend: Blend, pitch_hz: Steps, formant: float = 1.0) -> NDArray[np.float32]:
    """The phrase's waveform.

    Args:
        blend: what is sung.
        pitch_hz: ``[steps]``, at what pitch.
        formant: formants are multiplied by this (above 1: a smaller head).

    Returns:
        Mono float32 ``[frames]``.
    """
    envelope, aperiodicity = blend.envelope, blend.aperiodicity
    if formant != 1.0:
        bins = np.minimum(np.arange(envelope.shape[1]) / formant, envelope.shape[1] - 1.001)
        low = bins.astype(np.int64)
        part = bins - low
        envelope = envelope[:, low] * (1 - part) + envelope[:, low + 1] * part
        aperiodicity = aperiodicity[:, low] * (1 - part) + aperiodicity[:, low + 1] * part
    contour = np.where(blend.voiced, pitch_hz, 0.0)
    wave = pyworld.synthesize(
        np.ascontiguousarray(contour),
        np.ascontiguousarray(np.exp(envelope)),
        np.ascontiguousarray(np.clip(aperiodicity, 0.0, 1.0)),
        RATE_HZ,
        1000 * HOP_SECONDS,
    )
    return np.asarray(wave, dtype=np.float32)
