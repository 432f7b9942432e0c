"""The lengths of the short-time Fourier transform; without torch, so that cards load at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StftSettings:
    """Transform lengths in frames; the window is a periodic Hann of ``win_length``.

    ``win_length < n_fft`` means zero padding in frequency (the window sits in the middle).
    """

    n_fft: int
    hop: int
    win_length: int

    @property
    def bins(self) -> int:
        """Number of frequency bins, DC and Nyquist included."""
        return self.n_fft // 2 + 1

    def steps(self, frames: int) -> int:
        """Number of steps that cover ``frames`` frames so that every one can be rebuilt."""
        return -(-frames // self.hop) + 1
