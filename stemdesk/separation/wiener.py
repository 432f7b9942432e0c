"""The multichannel Wiener filter, as masks (Duong, Vincent and Gribonval 2010; Pretet 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk.separation.masks import spectrum_masks

if TYPE_CHECKING:
    from stemdesk.separation.postprocess import MaskStage

FLOOR = 1e-12
# Added to the covariance of the mixture, whose loudest bin is 1: keeps it invertible.
EPSILON = 1e-10
PIECE_STEPS = 256


def wiener(rounds: float) -> MaskStage:
    """Filter the mixture by what the masks say of every stem's power and place.

    With ``v`` a stem's mean power over channels and ``R`` its spatial covariance in a bin, over
    all steps of a chunk, an estimate is ``v R (sum v R + eps I)^-1 X``. Each further round takes
    ``v`` and ``R`` from the estimates of the one before (expectation maximisation).

    Args:
        rounds: how many, rounded.
    """

    def stage(masks: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
        estimates = masks * mixture
        for _ in range(round(rounds)):
            estimates = filtered(estimates, mixture)
        return spectrum_masks(estimates.to(torch.complex64)[None], mixture[None], stems=len(masks))[
            0
        ]

    return stage


def filtered(estimates: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
    """One round of the filter, on complex spectra.

    Args:
        estimates: what is known of the stems, ``[stems, channels, bins, steps]``.
        mixture: ``[channels, bins, steps]``.

    Returns:
        As ``estimates``, complex64.
    """
    level = mixture.abs().amax().clamp_min(FLOOR)
    known, observed = ((each / level).to(torch.complex128) for each in (estimates, mixture))
    power = known.abs().square().mean(dim=1)
    spatial = torch.einsum("scft,sdft->sfcd", known, known.conj())
    spatial = spatial / power.sum(dim=-1)[..., None, None].clamp_min(FLOOR)
    eye = EPSILON * torch.eye(len(mixture), dtype=torch.complex128, device=mixture.device)
    images = []
    # In pieces, for there is a matrix for every stem and bin.
    pieces = (torch.split(each, PIECE_STEPS, dim=-1) for each in (power, observed))
    for loud, heard in zip(*pieces, strict=True):
        parts = loud[..., None, None] * spatial[:, :, None]
        gains = parts @ torch.linalg.inv(parts.sum(dim=0) + eye)
        images.append((level * torch.einsum("sftcd,dft->scft", gains, heard)).to(torch.complex64))
    return torch.cat(images, dim=-1)
