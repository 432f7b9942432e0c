"""The product's oracles on whole songs in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.separation.oracles import ORACLE_STFT, oracle_masks
from stemdesk.separation.stft import istft, stft

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.separation.mask_settings import OracleName

    Audio = NDArray[np.float64]


def ideal(oracle: OracleName, references: Audio, mixture: Audio) -> Audio:
    """Estimates ``[stems, channels, frames]``, with whatever sum they have.

    Args:
        oracle: which.
        references: the true stems, ``[stems, channels, frames]``.
        mixture: ``[channels, frames]``.
    """
    true, heard = (
        stft(torch.from_numpy(each.astype(np.float32)), ORACLE_STFT)
        for each in (references, mixture)
    )
    masks = oracle_masks(oracle, true, heard, closed=False)
    return istft(masks * heard, ORACLE_STFT, mixture.shape[-1]).numpy().astype(np.float64)
