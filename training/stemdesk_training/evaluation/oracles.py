"""What is possible with masks, from the true stems (Vincent, Gribonval and Plumbley 2007).

The reference points of every separation campaign: beside them a score says something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.separation.stft import istft, stft
from stemdesk.separation.transform import StftSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Audio = NDArray[np.float64]

# As in the SiSEC 2018 oracles.
SETTINGS = StftSettings(2048, 1024, 2048)
FLOOR = 1e-10


def mix(references: Audio, mixture: Audio) -> Audio:
    """The mixture as the estimate of every stem: what doing nothing gives."""
    return np.broadcast_to(mixture, references.shape).copy()


def ideal_binary_mask(references: Audio, mixture: Audio) -> Audio:
    """Every bin to the stem that is loudest in it."""
    spectra = _spectra(references)
    loudest = spectra.abs().argmax(dim=0, keepdim=True)
    masks = torch.zeros_like(spectra.real).scatter_(0, loudest, 1.0)
    return _masked(masks, mixture)


def ideal_ratio_mask(references: Audio, mixture: Audio, power: int = 1) -> Audio:
    """Shares ``|S|^power / sum |S|^power``: IRM1, and with power 2 IRM2."""
    magnitudes = _spectra(references).abs().pow(power)
    return _masked(magnitudes / magnitudes.sum(dim=0, keepdim=True).clamp_min(FLOOR), mixture)


def ideal_wiener(references: Audio, mixture: Audio) -> Audio:
    """The multichannel Wiener filter of true power spectra and spatial covariances.

    ``S_i = v_i R_i (sum v_j R_j)^-1 X`` with ``v_i`` a stem's power and ``R_i`` its mean spatial
    covariance per frequency (Duong, Vincent and Gribonval 2010).
    """
    spectra = _spectra(references).to(torch.complex128)  # [stems, channels, bins, steps]
    power = spectra.abs().square().mean(dim=1)  # [stems, bins, steps]
    outer = torch.einsum("scft,sdft->sfcd", spectra, spectra.conj())
    covariance = outer / power.sum(dim=-1)[..., None, None].clamp_min(FLOOR)
    local = power[..., None, None] * covariance[:, :, None]  # [stems, bins, steps, c, c]
    channels = spectra.shape[1]
    total = local.sum(dim=0) + FLOOR * torch.eye(channels, dtype=torch.complex128)
    observed = _spectra(mixture[None])[0].to(torch.complex128).permute(1, 2, 0)[..., None]
    weighted = torch.linalg.solve(total, observed)
    images = (local @ weighted)[..., 0].permute(0, 3, 1, 2)
    return _audible(images.to(torch.complex64), mixture.shape[-1])


ORACLES: dict[str, Callable[[Audio, Audio], Audio]] = {
    "MIX": mix,
    "IBM1": ideal_binary_mask,
    "IRM1": ideal_ratio_mask,
    "IRM2": lambda references, mixture: ideal_ratio_mask(references, mixture, 2),
    "MWF": ideal_wiener,
}


def _spectra(signals: Audio) -> torch.Tensor:
    return stft(torch.from_numpy(signals.astype(np.float32)), SETTINGS)


def _masked(masks: torch.Tensor, mixture: Audio) -> Audio:
    return _audible(masks * _spectra(mixture[None]), mixture.shape[-1])


def _audible(spectra: torch.Tensor, frames: int) -> Audio:
    return istft(spectra, SETTINGS, frames).numpy().astype(np.float64)
