"""What a network makes of a mixture as if that were played slower or faster, pitch and all.

A transform with a shorter window and hop, shown to a network that knows a longer one, is to it the
same music slower and lower: no resampling is needed. Its answer is read back at the bins and steps
of the transform that the mixture came in. What it gets wrong at one speed is not all that it gets
wrong at another, so the mean of several answers often errs less than each (averaging over changed
inputs: Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    Network = Callable[[torch.Tensor], torch.Tensor]

SLOWEST, FASTEST = 0.25, 4.0
WINDOW_MULTIPLE = 64  # so that no window has a large prime factor, which would make it slow


def can_be_heard_at(speed: float) -> bool:
    """Whether a speed is a number between ``SLOWEST`` and ``FASTEST``."""
    return SLOWEST <= speed <= FASTEST


def drawn_speed(speeds: tuple[float, ...]) -> float:
    """One of several speeds, by torch's generator, which a single one leaves alone."""
    return speeds[int(torch.randint(len(speeds), ()))] if len(speeds) > 1 else speeds[0]


def window_at(speed: float, n_fft: int) -> int:
    """Length in frames of the window through which music is heard at ``speed``.

    A multiple of ``WINDOW_MULTIPLE``, so that a speed is kept to within half of that in the
    window's length: of 4096 frames, to 0.8 %.

    Args:
        speed: a factor, 1 as it is.
        n_fft: length in frames of the window that the network knows.
    """
    return max(1, round(n_fft * speed / WINDOW_MULTIPLE)) * WINDOW_MULTIPLE


def shares_at(
    network: Network, mixture: torch.Tensor, speed: float, overlap: int = 2
) -> torch.Tensor:
    """Shares of the stems as the network hears them at a speed.

    Args:
        network: says shares ``[batch, stems, channels, bins, steps]``, of all bins.
        mixture: complex ``[batch, channels, bins, steps]``, of a transform whose window is
            ``2 * (bins - 1)`` frames and ``overlap`` times its hop.
        speed: below 1 slower and lower than it is, above 1 faster and higher; ``SLOWEST`` to
            ``FASTEST``, rounded as :func:`window_at` says.
        overlap: hops in a window.

    Returns:
        ``[batch, stems, channels, bins, steps]``, summing to one over stems.

    Raises:
        ValueError: the speed is out of range.
    """
    if not can_be_heard_at(speed):
        raise ValueError(f"a speed lies from {SLOWEST:g} to {FASTEST:g}, not at {speed}")
    bins, steps = mixture.shape[-2:]
    known = _settings(2 * (bins - 1), overlap)
    heard = _settings(window_at(speed, known.n_fft), overlap)
    # A single step is no music whose speed could change: between two windows there is nothing.
    if speed == 1 or heard == known or steps == 1:
        return network(mixture)
    # From the middle of the first step's window to that of the last.
    samples = istft(mixture, known, (steps - 1) * known.hop)
    spectra = stft(samples, heard)[..., :bins, :]
    kept = spectra.shape[-2]
    # What a slower song has no treble for is silence to the network; what a faster one has above
    # the network's hearing goes where the highest bin goes.
    shares = network(functional.pad(spectra, (0, 0, 0, bins - kept)))[..., :kept, :]
    ratio = heard.n_fft / known.n_fft
    return _read_at(shares, bins, ratio, steps, 1 / ratio)


def _settings(n_fft: int, overlap: int) -> StftSettings:
    return StftSettings(n_fft, n_fft // overlap, n_fft)


def _read_at(
    shares: torch.Tensor, bins: int, bin_ratio: float, steps: int, step_ratio: float
) -> torch.Tensor:
    """Shares ``[..., bins, steps]`` at places ``bin_ratio`` bins and ``step_ratio`` steps apart.

    Between two they are as a straight line has them, beyond the last as that is.
    """
    height, width = shares.shape[-2:]
    places = (torch.arange(bins, device=shares.device) * bin_ratio).clamp(max=height - 1)
    moments = (torch.arange(steps, device=shares.device) * step_ratio).clamp(max=width - 1)
    # The grid runs from -1, the first, to 1, the last.
    rows = places * (2 / max(1, height - 1)) - 1
    columns = moments * (2 / max(1, width - 1)) - 1
    grid = torch.stack(torch.meshgrid(rows, columns, indexing="ij")[::-1], dim=-1)
    images = shares.flatten(1, 2)
    read = functional.grid_sample(
        images, grid.expand(len(images), -1, -1, -1), mode="bilinear", align_corners=True
    )
    return read.reshape(*shares.shape[:3], bins, steps)
