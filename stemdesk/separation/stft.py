"""The short-time Fourier transform, in one piece for training and in a stream for files.

Step ``t`` is centred on frame ``t * hop``; outside the song the signal counts as zero. With that
convention any range of steps can be computed from the frames around it alone, which is what lets
an hour pass through at constant memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from stemdesk.separation.transform import StftSettings


def stft_window(settings: StftSettings, device: torch.device | str = "cpu") -> torch.Tensor:
    """The analysis and synthesis window, ``[n_fft]``, float32."""
    hann = torch.hann_window(settings.win_length, periodic=True, device=device)
    left = (settings.n_fft - settings.win_length) // 2
    return functional.pad(hann, (left, settings.n_fft - settings.win_length - left))


def padded_frames(settings: StftSettings, steps: int) -> int:
    """Frames that ``steps`` consecutive steps read: from ``-n_fft/2`` around the first on."""
    return (steps - 1) * settings.hop + settings.n_fft


def stft_padded(padded: torch.Tensor, settings: StftSettings) -> torch.Tensor:
    """STFT of a stretch that already carries ``n_fft / 2`` frames on either side.

    Args:
        padded: float32 ``[..., frames]``, ``frames`` as :func:`padded_frames` says.
        settings: transform lengths.

    Returns:
        complex64 ``[..., bins, steps]``.
    """
    lead = padded.shape[:-1]
    spectrum = torch.stft(
        padded.reshape(-1, padded.shape[-1]),
        settings.n_fft,
        settings.hop,
        window=stft_window(settings, padded.device),
        center=False,
        return_complex=True,
    )
    return spectrum.reshape(*lead, *spectrum.shape[-2:])


def stft(samples: torch.Tensor, settings: StftSettings) -> torch.Tensor:
    """STFT of a whole signal ``[..., frames]`` -> ``[..., bins, steps]``."""
    steps = settings.steps(samples.shape[-1])
    half = settings.n_fft // 2
    tail = padded_frames(settings, steps) - half - samples.shape[-1]
    return stft_padded(functional.pad(samples, (half, tail)), settings)


def istft(spectrum: torch.Tensor, settings: StftSettings, frames: int) -> torch.Tensor:
    """Inverse of :func:`stft`: ``[..., bins, steps]`` -> ``[..., frames]``."""
    inverse = StreamingIstft(settings)
    return inverse.push(spectrum, last=True)[..., :frames]


class StreamingIstft:
    """One continuous inverse STFT that takes steps in blocks and hands out finished frames.

    Weighted overlap-add with the analysis window, divided by the summed squared window (Griffin
    and Lim 1984, least-squares reconstruction). The result does not depend on how the steps are
    cut into blocks, but for float32 rounding.
    """

    def __init__(self, settings: StftSettings) -> None:
        self._settings = settings
        self._overlap = settings.n_fft - settings.hop
        self._drop = settings.n_fft // 2
        self._tail: torch.Tensor | None = None
        self._envelope_tail: torch.Tensor | None = None

    def push(self, spectrum: torch.Tensor, *, last: bool = False) -> torch.Tensor:
        """Add steps ``[..., bins, steps]``; return the frames that no later step can change.

        The frames start at frame 0 of the song (the half window before it is dropped, however
        many calls it takes to get there); the last call returns everything up to half a window
        after the last step.
        """
        settings = self._settings
        window = stft_window(settings, spectrum.device)
        pieces = torch.fft.irfft(spectrum, n=settings.n_fft, dim=-2) * window[:, None]
        summed = self._overlap_add(pieces)
        squares = (window * window)[:, None].expand(-1, spectrum.shape[-1])
        envelope = self._overlap_add(squares)
        if self._tail is not None and self._envelope_tail is not None:
            summed[..., : self._overlap] += self._tail
            envelope[: self._overlap] += self._envelope_tail
        ready = summed.shape[-1] if last else spectrum.shape[-1] * settings.hop
        self._tail = summed[..., ready:].clone()
        self._envelope_tail = envelope[ready:].clone()
        drop = min(self._drop, ready)
        self._drop -= drop
        # Only a lone edge of the very first or last step can be near zero there; it is cut off
        # by the caller, so the floor never touches a delivered frame.
        return summed[..., drop:ready] / envelope[drop:ready].clamp_min(1e-8)

    def _overlap_add(self, pieces: torch.Tensor) -> torch.Tensor:
        lead, steps = pieces.shape[:-2], pieces.shape[-1]
        frames = padded_frames(self._settings, steps)
        flat = pieces.reshape(-1, self._settings.n_fft, steps)
        folded = functional.fold(
            flat,
            output_size=(1, frames),
            kernel_size=(1, self._settings.n_fft),
            stride=(1, self._settings.hop),
        )
        return folded.reshape(*lead, frames)
