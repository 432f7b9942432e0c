"""From what a network says to masks that sum to one in every bin.

Masks that sum to one are the first half of the null law: the stems then sum to the mixture up to
float rounding, and the closure takes care of the rest.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch.nn import functional

MaskKind = Literal["softmax", "sigmoid", "ratio", "binary", "complex"]

# Far below any audible magnitude: only decides who gets a bin in which nobody claims anything.
SILENCE = 1e-10


def normalise(raw: torch.Tensor, kind: MaskKind, *, stems: int, power: float = 1.0) -> torch.Tensor:
    """Turn a network's output into masks that sum to one over stems.

    Args:
        raw: ``[batch, stems or stems - 1, channels, bins, steps]``, real or complex. When one stem
            is missing it is the closing one (last), and it gets what the others leave.
        kind: how to read ``raw``. ``softmax``: logits. ``sigmoid``: logits of independent ratio
            masks, renormalised. ``ratio``: magnitude estimates, ``v**power / sum(v**power)``;
            with a missing stem, ratio masks in [0, 1].
            ``binary``: scores in [0, 1]; each bin goes whole to the largest, or, with a missing
            stem, to the named one above the threshold ``power`` (P1's alpha). ``complex``:
            complex masks, the shortfall shared equally.
        stems: number of stems the masks are to have.
        power: exponent of ``ratio``, threshold of ``binary``; unused otherwise.

    Returns:
        ``[batch, stems, channels, bins, steps]``; float32, or complex64 for ``complex``.

    Raises:
        ValueError: ``raw`` has neither ``stems`` nor ``stems - 1`` stems.
    """
    given = raw.shape[1]
    if given not in (stems, stems - 1):
        raise ValueError(f"the network gave {given} stems where {stems} are declared")
    # bf16 here would cost the null 68 dB, so masks are float32 whatever the network ran in.
    raw = raw.to(torch.complex64) if raw.is_complex() else raw.float()
    if kind == "complex":
        return _project(raw, stems)
    if given == stems - 1:
        return _complement(raw, kind, power)
    if kind == "softmax":
        return raw.softmax(dim=1)
    if kind == "binary":
        winner = raw.argmax(dim=1)
        return functional.one_hot(winner, stems).movedim(-1, 1).float()
    values = raw.sigmoid() if kind == "sigmoid" else raw.clamp_min(0)
    shares = (values + SILENCE / stems) / (values.sum(dim=1, keepdim=True) + SILENCE)
    if kind == "sigmoid" or power == 1:
        return shares
    # Shares first, so that a power drives no quiet bin into SILENCE.
    shares = shares.pow(power)
    return shares / shares.sum(dim=1, keepdim=True)


def _project(raw: torch.Tensor, stems: int) -> torch.Tensor:
    """Nearest complex masks (least squares) that sum to one; a missing stem takes the rest."""
    missing = 1 - raw.sum(dim=1, keepdim=True)
    if raw.shape[1] == stems - 1:
        return torch.cat((raw, missing), dim=1)
    return raw + missing / stems


def _complement(raw: torch.Tensor, kind: MaskKind, power: float) -> torch.Tensor:
    """Masks for all stems but the closing one, which takes ``1 - sum``."""
    if kind == "softmax":
        rest = torch.zeros_like(raw[:, :1])
        return torch.cat((raw, rest), dim=1).softmax(dim=1)
    if kind == "binary":
        named = (raw > power).float()
        # Two named stems over the threshold in one bin share it, so that none is counted twice.
        named = named / named.sum(dim=1, keepdim=True).clamp_min(1)
    else:
        named = raw.sigmoid() if kind == "sigmoid" else raw.clamp_min(0)
        named = named / named.sum(dim=1, keepdim=True).clamp_min(1)
    return torch.cat((named, 1 - named.sum(dim=1, keepdim=True)), dim=1)


def fill_bins(masks: torch.Tensor, bins: int) -> torch.Tensor:
    """Give the bins that a network does not cover to the closing (last) stem."""
    missing = bins - masks.shape[-2]
    if missing == 0:
        return masks
    fill = torch.zeros(
        (*masks.shape[:-2], missing, masks.shape[-1]), dtype=masks.dtype, device=masks.device
    )
    fill[:, -1] = 1
    return torch.cat((masks, fill), dim=-2)
