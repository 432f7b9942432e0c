"""What masks can do at best: made from the true stems (Vincent, Gribonval and Plumbley 2007).

The reference points of every separation campaign: beside them a score says something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch

from stemdesk.separation.masks import normalise, spectrum_masks
from stemdesk.separation.paper_masks import over_mixture
from stemdesk.separation.transform import StftSettings
from stemdesk.separation.wiener import filtered

if TYPE_CHECKING:
    from stemdesk.separation.mask_settings import OracleName

# As in the SiSEC 2018 oracles.
ORACLE_STFT = StftSettings(2048, 1024, 2048)


def oracle_masks(
    oracle: OracleName, stems: torch.Tensor, mixture: torch.Tensor, *, closed: bool
) -> torch.Tensor:
    """Masks for every stem.

    - ``MIX``: the mixture as every stem, which is what doing nothing gives; closed, an equal share.
    - ``IBM1``: every bin to the stem that is loudest in it.
    - ``IRM1``, ``IRM2``: shares ``|S|^p / sum |S|^p`` with p of 1 and 2.
    - ``MWF``: the multichannel Wiener filter of the true powers and places, see
      :func:`stemdesk.separation.wiener.filtered`.

    Args:
        oracle: which.
        stems: the true ones, complex ``[stems, channels, bins, steps]``.
        mixture: complex ``[channels, bins, steps]``.
        closed: the masks must sum to one in every bin.

    Returns:
        ``[stems, channels, bins, steps]``, real or complex.
    """
    count = len(stems)
    if oracle == "MIX":
        return torch.full(stems.shape, 1 / count if closed else 1.0)
    if oracle == "MWF":
        images = filtered(stems, mixture)[None]
        heard = mixture.to(torch.complex64)[None]
        if closed:
            return spectrum_masks(images, heard, stems=count)[0]
        return over_mixture(images, heard)[0]
    kind: Literal["binary", "ratio"] = "binary" if oracle == "IBM1" else "ratio"
    power = 2.0 if oracle == "IRM2" else 1.0
    return normalise(stems.abs()[None], kind, stems=count, ratio_power=power)[0]
