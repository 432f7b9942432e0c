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


def wiener(rounds: float) -> MaskStage:
    """Filter the mixture by what the masks say of every stem's power and place.

    With ``v`` a stem's mean power over channels and ``R`` its spatial covariance in a bin, over
    all steps of a chunk, an estimate is ``v R (sum v R + eps I)^-1 X``. Each further round takes
    ``v`` and ``R`` from the estimates of the one before (expectation maximisation).

    Args:
        rounds: how many, rounded.
    """

    def stage(masks: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
        level = mixture.abs().amax().clamp_min(FLOOR)
        observed = (mixture / level).to(torch.complex128)
        estimates = masks * observed
        eye = EPSILON * torch.eye(len(mixture), dtype=torch.complex128, device=mixture.device)
        for _ in range(round(rounds)):
            power = estimates.abs().square().mean(dim=1)
            spatial = torch.einsum("scft,sdft->sfcd", estimates, estimates.conj())
            spatial = spatial / power.sum(dim=-1)[..., None, None].clamp_min(FLOOR)
            parts = power[..., None, None] * spatial[:, :, None]
            gains = parts @ torch.linalg.inv(parts.sum(dim=0) + eye)
            estimates = torch.einsum("sftcd,dft->scft", gains, observed)
        found, heard = estimates.to(torch.complex64), observed.to(torch.complex64)
        return spectrum_masks(found[None], heard[None], stems=len(masks))[0]

    return stage
