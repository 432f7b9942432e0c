"""Pitch shifting in the spectrum: every partial is moved with the bins around it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.mixing.effects.effect import QUANTUM_FRAMES

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from stemdesk.mixing.effects.effect import Block

    Spectrum = NDArray[np.complexfloating[Any, Any]]

WINDOW_SECONDS = 0.085
OVERLAP = 8
TREBLE_HZ = 1000.0
ATTACK_RISE = 2.0
_RELEVANT = 1e-4  # 40 dB below all
_NEAR = 2  # a peak is higher than so many bins on either side


class SpectralShift:
    """Multiplies every frequency of a stream by a ratio.

    The method is that of J. Laroche and M. Dolson, "New phase-vocoder techniques for
    pitch-shifting, harmonizing and other exotic effects", WASPAA 1999. In each windowed spectrum
    the peaks are found; the bins nearer to one peak than to the next move with it by a whole
    number of bins and are turned by one angle, which goes on from step to step by what the peak's
    frequency changes. So the phases within a partial keep their places, and because peaks and
    angles are found in all channels together, so does the stereo image.

    Three things beyond the paper: the angle refers to the middle of the window, so the rounding of
    the move to whole bins costs level only, which is given back (0.7 dB at most); a hop of an
    eighth of the window keeps the images of that rounding 70 dB down, where a quarter gives 48 dB;
    and where the treble doubles its power within a hop, all angles start anew at 0, with which an
    attack keeps its shape (5 dB less of it sounds too early).

    Args:
        sample_rate: Hz.
        channels: 1 to 8.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self.window_frames = window_frames(sample_rate)
        self.hop_frames = self.window_frames // OVERLAP
        self._step_frames = min(self.hop_frames, QUANTUM_FRAMES)
        bins = self.window_frames // 2 + 1
        turns = np.arange(self.window_frames) / self.window_frames
        hann = 0.5 - 0.5 * np.cos(2.0 * np.pi * turns)
        self._window = hann.astype(np.float32)
        self._closing = (hann / (OVERLAP * np.mean(hann**2))).astype(np.float32)
        self._rounding_losses = _rounding_losses(hann)
        self._bins = np.arange(bins)
        self._input = np.zeros((channels, self.window_frames), dtype=np.float32)
        self._output = np.zeros((channels, self.window_frames), dtype=np.float32)
        self._last_spectrum: Spectrum = np.zeros((channels, bins), dtype=np.complex64)
        self._angles = np.zeros(bins)
        self._last_treble = 0.0
        self._treble_bin = round(TREBLE_HZ / sample_rate * self.window_frames)
        self._filled_frames = 0

    def process(self, block: Block, ratio: float) -> Block:
        """The next block `[channels, QUANTUM_FRAMES]`, `latency_frames(rate)` late."""
        out = np.empty_like(block)
        step = self._step_frames
        for first in range(0, QUANTUM_FRAMES, step):
            self._input[:, :-step] = self._input[:, step:]
            self._input[:, -step:] = block[:, first : first + step]
            self._filled_frames += step
            if self._filled_frames == self.hop_frames:
                self._filled_frames = 0
                self._hop(ratio)
            done = slice(self._filled_frames, self._filled_frames + step)
            out[:, first : first + step] = self._output[:, done]
        return out

    def _hop(self, ratio: float) -> None:
        spectrum: Spectrum = np.fft.rfft(self._input * self._window, axis=1)
        hop = self.hop_frames
        self._output[:, :-hop] = self._output[:, hop:]
        self._output[:, -hop:] = 0.0
        power = (np.square(spectrum.real) + np.square(spectrum.imag)).sum(axis=0)
        peaks = _peaks(power)
        attack = self._attacks(power)
        if len(peaks):
            change = (ratio - 1.0) * self._frequencies(spectrum, peaks)
            angles = np.mod(self._angles[peaks] + change * hop, 2.0 * np.pi)
            shifted = self._shifted(spectrum, peaks, change, angles * (not attack))
            self._output += np.fft.irfft(shifted, axis=1).astype(np.float32) * self._closing
        self._last_spectrum = spectrum

    def _attacks(self, power: NDArray[np.float32]) -> bool:
        treble = float(power[self._treble_bin :].sum())
        rises = treble > ATTACK_RISE * self._last_treble
        self._last_treble = treble
        # Beside a lone low note the treble is rounding noise, which rises by chance.
        return rises and treble > _RELEVANT * float(power.sum())

    def _shifted(
        self,
        spectrum: Spectrum,
        peaks: NDArray[np.intp],
        change: NDArray[np.float64],
        angles: NDArray[np.float64],
    ) -> Spectrum:
        """The spectrum with every peak moved by `change` radians a frame and turned by `angles`."""
        bins = len(self._bins)
        moves = change * self.window_frames / (2.0 * np.pi)
        whole_moves = np.rint(moves).astype(np.intp)
        fractions, losses = self._rounding_losses
        gains = np.interp(np.abs(moves - whole_moves), fractions, losses)
        # The transform counts from the window's start: half a turn for each bin of the move.
        turns = np.exp(1j * (angles + np.pi * (whole_moves & 1))) / gains

        nearer = np.diff((peaks[:-1] + peaks[1:] + 1) // 2, prepend=0, append=bins)
        self._angles = np.repeat(angles, nearer)
        targets = self._bins + np.repeat(whole_moves, nearer)
        kept = (targets >= 0) & (targets < bins)
        targets = targets[kept]
        turned = (spectrum * np.repeat(turns, nearer))[:, kept]
        shifted = np.empty((len(spectrum), bins), dtype=np.complex64)
        for channel, values in zip(shifted, turned, strict=True):
            channel.real = np.bincount(targets, values.real, bins)
            channel.imag = np.bincount(targets, values.imag, bins)
        return shifted

    def _frequencies(self, spectrum: Spectrum, peaks: NDArray[np.intp]) -> NDArray[np.float64]:
        """Radians a frame of the partials at `peaks`, from how far each turned in one hop."""
        frames, hop = self.window_frames, self.hop_frames
        turned = spectrum[:, peaks] * self._last_spectrum[:, peaks].conj()
        at_centre = np.exp(-2j * np.pi * ((peaks * hop) % frames) / frames)
        deviation = np.angle(turned.sum(axis=0, dtype=np.complex128) * at_centre)
        frequencies: NDArray[np.float64] = 2.0 * np.pi * peaks / frames + deviation / hop
        return frequencies


def window_frames(sample_rate: int) -> int:
    """The power of two nearest to 85 ms: 4096 at 44.1 and 48 kHz."""
    return 1 << round(math.log2(WINDOW_SECONDS * sample_rate))


def latency_frames(sample_rate: int) -> int:
    """By how much the stream is late: 3584 frames at 44.1 and 48 kHz."""
    frames = window_frames(sample_rate)
    return frames - min(frames // OVERLAP, QUANTUM_FRAMES)


def _peaks(power: NDArray[np.float32]) -> NDArray[np.intp]:
    """Bins higher than their neighbours; silence has none."""
    middle = power[_NEAR:-_NEAR]
    higher = middle > power[: -2 * _NEAR]
    for offset in range(1, 2 * _NEAR + 1):
        if offset < _NEAR:
            higher &= middle > power[offset : offset - 2 * _NEAR]
        elif offset > _NEAR:
            higher &= middle >= power[offset : len(power) - 2 * _NEAR + offset]
    return np.flatnonzero(higher) + _NEAR


def _rounding_losses(
    window: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fractions of a bin 0..0.5, and the level that remains of a partial moved so far wrongly."""
    fractions = np.linspace(0.0, 0.5, 33)
    turns = (np.arange(len(window)) - len(window) / 2) / len(window)
    energy = np.exp(2j * np.pi * np.outer(fractions, turns)) @ window**2
    return fractions, np.abs(energy) / np.abs(energy[0])
