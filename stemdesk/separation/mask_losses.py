"""What training minimises, and adapting to a song: errors of masks and of the spectra they give."""

from __future__ import annotations

import torch

REFERENCE_HZ = 1000.0
WEIGHT_RANGE = (0.25, 2.0)
ERROR_FLOOR = 1e-2


def bin_weights(bins: int, sample_rate: int) -> torch.Tensor:
    """How much an error counts in each bin, ``[bins]``: the square root of frequency, in bounds.

    Music falls by about 3 dB an octave; without this, bass and kick drum outvote the voice.
    """
    frequency_hz = torch.linspace(0, sample_rate / 2, bins)
    return (frequency_hz / REFERENCE_HZ).sqrt().clamp(*WEIGHT_RANGE)


def share_cross_entropy(
    masks: torch.Tensor, mixture: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Cross entropy between the masks and the ideal ratio mask, weighted by magnitude.

    L1 has a flat valley at the start: with no idea where a stem is, its best guess is "nowhere",
    and the network settles on masks that never move. Cross entropy pulls from anywhere.

    Args:
        masks: real masks that sum to one; other arguments as for :func:`complex_l1`, ``weights``
            apart, which the magnitudes make needless here.
        mixture: mixture STFT.
        targets: stems' STFT.
        weights: not used.
    """
    del weights
    magnitudes = targets.abs()
    shares = magnitudes / magnitudes.sum(dim=1, keepdim=True).clamp_min(1e-8)
    entropy = -(shares * masks.clamp_min(1e-7).log()).sum(dim=1)
    weight = mixture.abs()
    weight = weight / weight.mean(dim=(1, 2, 3), keepdim=True).clamp_min(1e-8)
    return (entropy * weight).mean()


def complex_l1(
    masks: torch.Tensor, mixture: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Weighted L1 on the real and imaginary parts of every stem's spectrogram.

    Args:
        masks: normalised masks ``[batch, stems, channels, bins, steps]``, real or complex.
        mixture: mixture STFT ``[batch, channels, bins, steps]``.
        targets: stems' STFT ``[batch, stems, channels, bins, steps]``.
        weights: per bin, see :func:`bin_weights`.

    Returns:
        A scalar; every item counts relative to its mixture's RMS, so that quiet items matter as
        much as loud ones. It is measured where the masks act: an inverse STFT in the loop would
        double the cost of a step for the same minimum.
    """
    level = mixture.abs().square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp_min(1e-6)
    error = torch.view_as_real(masks * mixture[:, None] - targets).abs()
    counted = error * weights[:, None, None]
    return (counted.mean(dim=(1, 2, 3, 4, 5)) / level.reshape(-1)).mean()


def stem_error(
    masks: torch.Tensor, mixture: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Error of every stem relative to its own level: minus the ratio that scores count, in bels.

    A sum of errors is ruled by the loudest stem; here one 10 dB under the rest counts nearly as
    much as the rest. The share :data:`ERROR_FLOOR` of the mixture keeps silent stems, and those
    that are nearly right, from ruling in their turn (Wisdom et al. 2020): with a thousandth, not
    leaking where nobody sings paid more than finding the voice where somebody does.

    Args:
        masks: as for :func:`complex_l1`, and so are the others; ``weights`` are not used.
        mixture: mixture STFT.
        targets: stems' STFT.
        weights: not used.
    """
    del weights
    error = (masks * mixture[:, None] - targets).abs().square().mean(dim=(2, 3, 4))
    power = targets.abs().square().mean(dim=(2, 3, 4))
    floor = ERROR_FLOOR * mixture.abs().square().mean(dim=(1, 2, 3))[:, None]
    return ((error + floor) / (power + floor).clamp_min(1e-12)).clamp_min(1e-12).log10().mean()


LOSSES = {
    "complex_l1": complex_l1,
    "share_cross_entropy": share_cross_entropy,
    "stem_error": stem_error,
}
