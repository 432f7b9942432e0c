"""Losses on what is heard in the end: the stems' waveforms.

Two of them count every item relative to its mixture's RMS, so that quiet items matter as much as
loud ones.
"""

from __future__ import annotations

import torch

RESOLUTIONS = (4096, 2048, 1024, 512, 256)
OVERLAP = 4  # windows that cover a frame


def _per_item(error: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean of ``error [batch, ...]`` over RMS of the mixture, averaged over items."""
    level = targets.sum(dim=1).square().mean(dim=(1, 2)).sqrt().clamp_min(1e-6)
    return (error.flatten(1).mean(dim=1) / level).mean()


def waveform_l1(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of the samples.

    Args:
        estimates: ``[batch, stems, channels, frames]``.
        targets: the same shape; their sum over stems is the mixture.
    """
    return _per_item((estimates - targets).abs(), targets)


def waveform_mse(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean squared error of the samples, loud items as they are; arguments as before."""
    return (estimates - targets).square().mean()


def multiresolution_l1(estimates: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Complex L1 over transforms of five lengths, from 4096 to 256 frames (Lu et al. 2023).

    Each transform is orthonormal, so that all five weigh alike; arguments as for
    :func:`waveform_l1`. The difference is transformed once: the transform is linear.
    """
    difference = (estimates - targets).flatten(0, 2)
    total = torch.zeros((), device=targets.device)
    for length in RESOLUTIONS:
        window = torch.hann_window(length, device=targets.device)
        spectrum = torch.stft(
            difference,
            length,
            length // OVERLAP,
            window=window,
            normalized=True,
            pad_mode="constant",
            return_complex=True,
        )
        error = torch.view_as_real(spectrum).abs().reshape(len(targets), -1)
        total = total + _per_item(error, targets)
    return total / len(RESOLUTIONS)


WAVEFORM_LOSSES = {
    "waveform_l1": waveform_l1,
    "waveform_mse": waveform_mse,
    "multiresolution_l1": multiresolution_l1,
}
