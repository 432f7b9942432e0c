"""Stages that reshape masks after the network, each keeping their sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

from stemdesk.errors import UserError
from stemdesk.separation.wiener import wiener

MaskStage = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""(masks ``[stems, channels, bins, steps]``, mixture ``[channels, bins, steps]``) -> masks."""


def _renormalise(masks: torch.Tensor) -> torch.Tensor:
    total = masks.sum(dim=0, keepdim=True)
    return torch.where(total > 0, masks / total.clamp_min(1e-30), 1 / masks.shape[0])


def _share(masks: torch.Tensor) -> torch.Tensor:
    """Each stem's share of a bin, in [0, 1]; complex masks count by magnitude."""
    return _renormalise(masks.abs())


def _reweight(masks: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
    """Masks with new shares: real masks become them, complex ones keep their phases.

    Turning a complex mask's magnitude changes the sum, so the shortfall is handed out in
    proportion to the new shares, which keeps strong stems strong.
    """
    if not masks.is_complex():
        return shares
    old = _share(masks)
    scaled = masks * (shares / old.clamp_min(1e-6)).clamp_max(4.0)
    return scaled + shares * (1 - scaled.sum(dim=0, keepdim=True))


def sharpen(exponent: float) -> MaskStage:
    """Raise the shares to a power and renormalise: above 1 less bleed and more artefacts."""

    def stage(masks: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:  # noqa: ARG001
        return _reweight(masks, _renormalise(_share(masks).pow(exponent)))

    return stage


def binarise(steepness: float) -> MaskStage:
    """Push shares to 0 and 1: ``1 / (1 + exp(-steepness (share - 0.5)))`` (Pretet 2018)."""

    def stage(masks: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:  # noqa: ARG001
        return _reweight(masks, _renormalise(torch.sigmoid(steepness * (_share(masks) - 0.5))))

    return stage


def keeping_levels(stage: MaskStage) -> MaskStage:
    """A stage for masks that need not sum to one: what a bin's masks came to, they come to again.

    Of complex masks, which may cancel out, only silent bins are kept.
    """

    def kept(masks: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:
        level = masks.abs().sum(dim=0, keepdim=True)
        if masks.is_complex():
            level = (level > 0).float()
        return level * stage(masks, mixture)

    return kept


_STAGES: dict[str, tuple[Callable[[float], MaskStage], float, float]] = {
    "sharpen": (sharpen, 0.1, 8.0),
    "binarise": (binarise, 0.1, 100.0),
    "wiener": (wiener, 1.0, 4.0),
}
# Not of masks: it listens to all of a song's vocals before it shuts any of them.
GATE = "gate"
_GATE_RANGE = (0.001, 1.0)


def build_chain(names: Sequence[str]) -> list[MaskStage]:
    """Stages of masks from ``name=value`` texts, in order; see :func:`gate_share` for the gate.

    Raises:
        UserError: an unknown stage, or a value outside its range.
    """
    return [_STAGES[name][0](value) for name, value in map(_parsed, names) if name != GATE]


def gate_share(names: Sequence[str]) -> float | None:
    """What the energy gate is set to among the texts of a chain; None where there is none.

    Raises:
        UserError: as for :func:`build_chain`.
    """
    return dict(map(_parsed, names)).get(GATE)


def _parsed(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in (*_STAGES, GATE):
        known = ", ".join(f"{stage}=NUMBER" for stage in (*_STAGES, GATE))
        raise UserError(f"There is no post-processing stage {name!r}", f"use {known}")
    low, high = _GATE_RANGE if name == GATE else _STAGES[name][1:]
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise UserError(
            f"Post-processing {text!r} is out of range",
            f"write {name}=NUMBER with a number from {low:g} to {high:g}",
        )
    return name, number
