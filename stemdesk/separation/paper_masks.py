"""Masks as the papers have them: what a network leaves of the mixture, nobody gets.

Mostly they are the masks of :mod:`stemdesk.separation.masks`, which sum to one wherever a paper's
do. Three papers decide otherwise: one takes two thresholds for two stems that know nothing of each
other, and two estimate stems that need not sum to anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from stemdesk.separation.masks import check_given, normalise, raw_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.separation.mask_settings import MaskSettings

# Far below the rounding of any transform, and far above where a float32 division fails.
NOTHING = 1e-15


def paper_masks(
    settings: MaskSettings, network: Callable[[torch.Tensor], torch.Tensor], mixture: torch.Tensor
) -> torch.Tensor:
    """Masks for every stem; arguments and shape as of :func:`stemdesk.separation.masks.masks_for`.

    - ``binary`` with a missing stem (Simpson 2015): a named stem where its score S lies above
      alpha, the missing one where S < 1 - alpha, whatever the other has.
    - ``magnitude`` (Open-Unmix) and ``spectrum``: each estimate by itself, the former with the
      mixture's phase. Times the mixture, these masks give the estimates back.
    - ``complex``: as they are; a missing stem has the rest.
    - All others (Roma 2018, Lin 2018, Pretet 2018): as in ``null``.

    Bins that the network does not cover are silent in every stem.
    """
    raw = raw_answer(settings, network, mixture)
    kind, stems = settings.kind, settings.stems
    check_given(raw, kind, stems)
    missing = raw.shape[1] == stems - 1
    if kind == "binary" and missing:
        masks = _thresholded(raw.float(), settings.threshold)
    elif kind in ("magnitude", "spectrum", "complex"):
        masks = raw.to(torch.complex64) if raw.is_complex() else raw.float().clamp_min(0)
        if kind != "complex":
            masks = over_mixture(masks, mixture)
        if missing:
            masks = torch.cat((masks, 1 - masks.sum(dim=1, keepdim=True)), dim=1)
    else:
        masks = normalise(raw, kind, stems=stems, ratio_power=settings.ratio_power)
    return functional.pad(masks, (0, 0, 0, mixture.shape[-2] - masks.shape[-2]))


def _thresholded(scores: torch.Tensor, alpha: float) -> torch.Tensor:
    named = scores > alpha
    missing = (scores < 1 - alpha).all(dim=1, keepdim=True)
    return torch.cat((named, missing), dim=1).float()


def over_mixture(estimates: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
    """Estimates as masks; silent where the mixture is."""
    mixture = mixture[:, None, :, : estimates.shape[-2]]
    divisor = mixture if estimates.is_complex() else mixture.abs()
    heard = mixture.abs() > NOTHING
    return torch.where(heard, estimates / torch.where(heard, divisor, 1.0), 0.0)
