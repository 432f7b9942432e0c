"""Adds up a residual while it streams past, at constant memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.audio.levels import db

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FFT_FRAMES = 8192
# Squares of larger samples would overflow; such a song is measured in this unit.
_LARGE = 2.0**400
_LARGE_UNIT = 2.0**600
_LOWEST_EDGE_HZ = 1000.0 * 2.0**-5.5  # 22.1 Hz: octaves centred on 31.25 ... 1000 ... (IEC 61260)


def decibel_or_none(amplitude: float) -> float | None:
    """A level in dBFS, None (JSON's null) for digital silence."""
    return db(amplitude) if amplitude > 0.0 else None


class NullMeter:
    """Measures mix minus sum.

    Args:
        sample_rate: Hz.
        channels: Number of channels.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.frames = 0
        self.nonzero_samples = 0
        self._peak = 0.0
        self._level = 0.0
        self._unit = 1.0
        self._second_energies: list[float] = []
        self._mix_second_energies: list[float] = []
        self._pending: NDArray[np.float64] = np.zeros((channels, 0))
        self._bin_energies = np.zeros(_FFT_FRAMES // 2 + 1)

    def push(self, mix_block: NDArray[np.float64], sum_block: NDArray[np.float64]) -> None:
        """Takes the next blocks, both `[channels, n]`."""
        self.reach(mix_block)
        self.reach(sum_block)
        residual = mix_block - sum_block
        self.nonzero_samples += int(np.count_nonzero(residual))
        self._peak = max(self._peak, float(np.max(np.abs(residual), initial=0.0)))
        self._add_seconds(self._second_energies, residual / self._unit)
        self._add_seconds(self._mix_second_energies, mix_block / self._unit)
        self._add_spectrum(residual / self._unit)
        self.frames += residual.shape[1]

    def reach(self, block: NDArray[np.float64]) -> None:
        """Takes note of a level: of the mix, the sum, or one of what is summed."""
        self._level = max(self._level, float(np.max(np.abs(block), initial=0.0)))
        if self._level > _LARGE and self._unit == 1.0:
            self._unit = _LARGE_UNIT
            smaller = 1.0 / _LARGE_UNIT
            for energies in (self._second_energies, self._mix_second_energies):
                energies[:] = [energy * smaller * smaller for energy in energies]
            self._pending = self._pending * smaller
            self._bin_energies *= smaller
            self._bin_energies *= smaller

    @property
    def level(self) -> float:
        """The largest absolute sample of anything that was compared."""
        return self._level

    @property
    def peak(self) -> float:
        """The largest absolute residual sample."""
        return self._peak

    @property
    def rms(self) -> float:
        """Root mean square of the residual over all channels."""
        energy = math.fsum(self._second_energies)
        return self._unit * math.sqrt(energy / max(self.frames * self.channels, 1))

    @property
    def worst_second(self) -> int | None:
        """The second with the most residual energy; None where there is none."""
        if self.nonzero_samples == 0:
            return None
        return int(np.argmax(self._second_energies))

    def by_second(self) -> list[float | None]:
        """RMS of the residual in dBFS per second (the last one may be shorter)."""
        levels: list[float | None] = []
        for second, energy in enumerate(self._second_energies):
            frames = min(self.sample_rate, self.frames - second * self.sample_rate)
            rms = math.sqrt(energy / (frames * self.channels))
            levels.append(decibel_or_none(self._unit * rms))
        return levels

    def by_band(self) -> list[tuple[float, float, float | None]]:
        """(low Hz, high Hz, RMS in dBFS) of the residual per octave, from 0 Hz to Nyquist."""
        self._flush_spectrum()
        hz = np.fft.rfftfreq(_FFT_FRAMES, 1.0 / self.sample_rate)
        nyquist_hz = self.sample_rate / 2.0
        bands: list[tuple[float, float, float | None]] = []
        low_hz, high_hz = 0.0, 2.0 * _LOWEST_EDGE_HZ
        while low_hz < nyquist_hz:
            last = high_hz >= nyquist_hz
            inside = (hz >= low_hz) & ((hz < high_hz) | last)
            mean_square = float(self._bin_energies[inside].sum()) / (self.frames * self.channels)
            level = decibel_or_none(self._unit * math.sqrt(mean_square))
            bands.append((low_hz, min(high_hz, nyquist_hz), level))
            low_hz, high_hz = high_hz, 2.0 * high_hz
        return bands

    def loudest_start(self, window_frames: int) -> int:
        """First frame of the stretch of about `window_frames` with the most energy in the mix."""
        seconds = max(1, window_frames // self.sample_rate)
        energies = np.asarray(self._mix_second_energies)
        if len(energies) <= seconds:
            return 0
        sums = np.convolve(energies, np.ones(seconds), mode="valid")
        return int(np.argmax(sums)) * self.sample_rate

    def _add_seconds(self, energies: list[float], block: NDArray[np.float64]) -> None:
        first = 0
        while first < block.shape[1]:
            second, offset = divmod(self.frames + first, self.sample_rate)
            last = min(block.shape[1], first + self.sample_rate - offset)
            if second == len(energies):
                energies.append(0.0)
            energies[second] += float(np.sum(np.square(block[:, first:last])))
            first = last

    def _add_spectrum(self, residual: NDArray[np.float64]) -> None:
        pending = np.concatenate([self._pending, residual], axis=1)
        whole_frames = pending.shape[1] // _FFT_FRAMES * _FFT_FRAMES
        self._pending = pending[:, whole_frames:].copy()
        pieces = pending[:, :whole_frames].reshape(self.channels, -1, _FFT_FRAMES)
        if pieces.any():
            # Both halves of the spectrum count (Parseval), DC and Nyquist once.
            energies = np.square(np.abs(np.fft.rfft(pieces))).sum(axis=(0, 1)) / _FFT_FRAMES
            energies[1:-1] *= 2.0
            self._bin_energies += energies

    def _flush_spectrum(self) -> None:
        if self._pending.shape[1]:
            missing_frames = _FFT_FRAMES - self._pending.shape[1]
            self._add_spectrum(np.zeros((self.channels, missing_frames)))
