"""From what a network says to masks that sum to one in every bin.

Masks that sum to one are the first half of the null law: the stems then sum to the mixture up to
float rounding, and the closure takes care of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.separation.mask_settings import MaskKind, MaskSettings

# Far below any audible magnitude: only decides who gets a bin in which nobody claims anything.
SILENCE = 1e-10
# Of the loudest bin: the rounding of a float32 transform, below which a bin says nothing.
FLOOR = 1e-7


def masks_for(
    settings: MaskSettings, network: Callable[[torch.Tensor], torch.Tensor], mixture: torch.Tensor
) -> torch.Tensor:
    """Run a network on a mixture and make of its answer masks for every stem and bin.

    Args:
        settings: how.
        network: a :class:`stemdesk.separation.network.MaskNetwork`.
        mixture: complex STFT ``[batch, channels, bins, steps]``, padded with silence as needed.

    Returns:
        ``[batch, stems, channels, bins, steps]``, in the network's order of stems but for the
        closing one, which is last.
    """
    raw = raw_answer(settings, network, mixture)
    if settings.kind == "spectrum":
        masks = spectrum_masks(raw, mixture, stems=settings.stems)
    else:
        masks = normalise(
            raw,
            settings.kind,
            stems=settings.stems,
            ratio_power=settings.ratio_power,
            threshold=settings.threshold,
        )
    return fill_bins(masks, mixture.shape[-2])


def raw_answer(
    settings: MaskSettings, network: Callable[[torch.Tensor], torch.Tensor], mixture: torch.Tensor
) -> torch.Tensor:
    """What a network says of a mixture, the closing stem last if it is there; see `masks_for`."""
    steps = mixture.shape[-1]
    raw = network(functional.pad(mixture, (0, -steps % settings.multiple_of)))[..., :steps]
    if raw.shape[1] == settings.stems:
        order = list(range(settings.stems))
        order.append(order.pop(settings.closing))
        raw = raw[:, order]
    return raw


def normalise(
    raw: torch.Tensor,
    kind: MaskKind,
    *,
    stems: int,
    ratio_power: float = 1.0,
    threshold: float = 0.5,
) -> torch.Tensor:
    """Turn a network's output into masks that sum to one over stems.

    Args:
        raw: ``[batch, stems or stems - 1, channels, bins, steps]``, real or complex. When one stem
            is missing it is the closing one (last), and it gets what the others leave.
        kind: how to read ``raw``. ``softmax``: logits. ``sigmoid``: logits of independent ratio
            masks, renormalised. ``ratio``: magnitude estimates, their shares
            ``v**ratio_power / sum(v**ratio_power)``; with a missing stem, ratio masks in [0, 1].
            ``magnitude``: the same from all stems; but the paper takes each estimate as it is.
            ``binary``: scores in [0, 1]; each bin goes whole to the largest, or, with a missing
            stem, to the named one above ``threshold`` (P1's alpha). ``complex``: complex masks,
            the shortfall shared equally. ``spectrum`` is for :func:`spectrum_masks`.
        stems: number of stems the masks are to have.
        ratio_power: exponent of ``ratio``; unused otherwise.
        threshold: of ``binary``; unused otherwise.

    Returns:
        ``[batch, stems, channels, bins, steps]``; float32, or complex64 for ``complex``.

    Raises:
        ValueError: ``raw`` has neither ``stems`` nor ``stems - 1`` stems (``magnitude`` needs
            all), or the kind is ``spectrum``, which needs the mixture.
    """
    check_given(raw, kind, stems)
    if kind == "spectrum":
        raise ValueError("estimated spectra become masks only beside the mixture")
    # bf16 here would cost the null 68 dB, so masks are float32 whatever the network ran in.
    raw = raw.to(torch.complex64) if raw.is_complex() else raw.float()
    if kind == "complex":
        return _project(raw, stems)
    if raw.shape[1] == stems - 1:
        return _complement(raw, kind, threshold)
    if kind == "softmax":
        return raw.softmax(dim=1)
    if kind == "binary":
        winner = raw.argmax(dim=1)
        return functional.one_hot(winner, stems).movedim(-1, 1).float()
    values = raw.sigmoid() if kind == "sigmoid" else raw.clamp_min(0)
    shares = (values + SILENCE / stems) / (values.sum(dim=1, keepdim=True) + SILENCE)
    if kind == "sigmoid" or ratio_power == 1:
        return shares
    # Shares first, so that a power drives no quiet bin into SILENCE.
    shares = shares.pow(ratio_power)
    return shares / shares.sum(dim=1, keepdim=True)


def spectrum_masks(raw: torch.Tensor, mixture: torch.Tensor, *, stems: int) -> torch.Tensor:
    """Complex masks from complex spectrograms of the stems (SCNet, MDX23C and the like).

    What the estimates ``E_i`` leave of the mixture ``X`` is shared equally, or goes to a missing
    stem, so that they sum to it; the mask is then ``E_i / X``, and mask times mixture gives
    ``E_i`` back. It may be far above 1 where stems cancel out in the mixture, and it must be.
    Only where ``X`` lies below the rounding of the transform itself (:data:`FLOOR` of the item's
    loudest bin) does the quotient mean nothing: there every stem gets an equal share.

    Args:
        raw: complex ``[batch, stems or stems - 1, channels, bins, steps]``.
        mixture: ``[batch, channels, bins or more, steps]``.
        stems: number of stems the masks are to have.
    """
    check_given(raw, "spectrum", stems)
    mixture = mixture[:, None, :, : raw.shape[-2]]
    level = mixture.abs()
    floor = (FLOOR * level.amax(dim=(1, 2, 3, 4), keepdim=True)).clamp_min(SILENCE)
    heard = level > floor
    # A harmless divisor where nothing is heard, for the sake of the gradient.
    masks = _project(raw.to(torch.complex64) / torch.where(heard, mixture, 1.0), stems)
    return torch.where(heard, masks, 1.0 / stems)


def check_given(raw: torch.Tensor, kind: MaskKind, stems: int) -> None:
    """Refuse a network's answer that has not the stems that are declared."""
    if raw.shape[1] not in ((stems,) if kind == "magnitude" else (stems, stems - 1)):
        raise ValueError(f"the network gave {raw.shape[1]} stems where {stems} are declared")


def _project(raw: torch.Tensor, stems: int) -> torch.Tensor:
    """Nearest complex masks (least squares) that sum to one; a missing stem takes the rest."""
    missing = 1 - raw.sum(dim=1, keepdim=True)
    if raw.shape[1] == stems - 1:
        return torch.cat((raw, missing), dim=1)
    return raw + missing / stems


def _complement(raw: torch.Tensor, kind: MaskKind, threshold: float) -> torch.Tensor:
    """Masks for all stems but the closing one, which takes ``1 - sum``."""
    if kind == "softmax":
        rest = torch.zeros_like(raw[:, :1])
        return torch.cat((raw, rest), dim=1).softmax(dim=1)
    if kind == "binary":
        named = (raw > threshold).float()
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
