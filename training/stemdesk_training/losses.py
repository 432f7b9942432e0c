"""What training minimises."""

from __future__ import annotations

import torch


def complex_l1(masks: torch.Tensor, mixture: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """L1 on the real and imaginary parts of every stem's spectrogram.

    Args:
        masks: normalised masks ``[batch, stems, channels, bins, steps]``, real or complex.
        mixture: mixture STFT ``[batch, channels, bins, steps]``.
        targets: stems' STFT ``[batch, stems, channels, bins, steps]``.

    Returns:
        A scalar; every item counts relative to its mixture's RMS, so that quiet items matter as
        much as loud ones. It is measured where the masks act: an inverse STFT in the loop would
        double the cost of a step for the same minimum.
    """
    level = mixture.abs().square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp_min(1e-6)
    error = torch.view_as_real(masks * mixture[:, None] - targets)
    return (error.abs().mean(dim=(1, 2, 3, 4, 5)) / level.reshape(-1)).mean()
