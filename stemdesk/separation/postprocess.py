"""Stages that reshape masks after the network, each keeping their sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import torch

from stemdesk.errors import UserError
from stemdesk.separation.mask_settings import MOST_CLAIM_DB
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


def claim(levels_db: Mapping[int, float]) -> MaskStage:
    """Give stems more, or less, wherever they share: their odds against all others by a factor.

    Models that meet voices or basses unlike those they learned from are too shy of them, or too
    bold (after Saerens et al. 2002, "Adjusting the outputs of a classifier to new a priori
    probabilities").

    Of complex masks the shares are those of their magnitudes, and what a stem gains is so much more
    of the mixture. Binary masks share nothing.

    Args:
        levels_db: the factors by the places of the stems; masks are of amplitudes, so 6 dB
            double the odds.
    """
    factors = {place: 10 ** (level_db / 20) for place, level_db in levels_db.items()}

    def stage(masks: torch.Tensor, mixture: torch.Tensor) -> torch.Tensor:  # noqa: ARG001
        old = _share(masks)
        new = old.clone()
        for place, factor in factors.items():
            new[place] *= factor
        new = _renormalise(new)
        # Complex masks may be large and cancel out: scaling them could take from who is to gain.
        return masks + (new - old) if masks.is_complex() else new

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


class _Stage(NamedTuple):
    make: Callable[[float], MaskStage]
    low: float
    high: float
    hears_song: bool  # more than the bin that it reshapes


_STAGES = {
    "sharpen": _Stage(sharpen, 0.1, 8.0, hears_song=False),
    "binarise": _Stage(binarise, 0.1, 100.0, hears_song=False),
    "wiener": _Stage(wiener, 1.0, 4.0, hears_song=True),
}
# Not of masks: it listens to all of a song's vocals before it shuts any of them.
GATE = "gate"
_GATE_RANGE = (0.001, 1.0)
# Named after a stem, a stage claims more or less for it.
_CLAIM_RANGE_DB = (-MOST_CLAIM_DB, MOST_CLAIM_DB)
_MOST_ADDED_DB = 6 * MOST_CLAIM_DB


def build_chain(
    names: Sequence[str], stems: Sequence[str], *, live: bool = False
) -> list[MaskStage]:
    """Stages of masks from ``name=value`` texts, in order; see :func:`gate_share` for the gate.

    Args:
        names: of stages, or of stems, for which decibels are claimed.
        stems: the masks' own, in their order.
        live: for a stream of which each step is reshaped as it comes.

    Raises:
        UserError: an unknown stage, a value outside its range, or a stage that hears whole songs
            for a stream.
    """
    if live and (whole := hearing_songs(names)):
        raise UserError(
            f"{whole[0]} would have to hear the whole song", "leave it out while sound comes live"
        )
    parsed = [_parsed(text, stems, live=live) for text in names]
    chain: list[MaskStage] = []
    for claims, stages in groupby(
        (each for each in parsed if each[0] != GATE), lambda each: each[0] not in _STAGES
    ):
        if claims:
            chain.append(claim(_added_up(stages, stems)))
        else:
            chain += [_STAGES[name].make(value) for name, value in stages]
    return chain


def _added_up(claims: Iterable[tuple[str, float]], stems: Sequence[str]) -> dict[int, float]:
    """Claims one after another are one: decibels add up, within what float32 can hold.

    Complex masks differ a little from claims made one by one, as shares are those of magnitudes.
    """
    levels_db: dict[int, float] = {}
    for stem, level_db in claims:
        place = list(stems).index(stem)
        added = levels_db.get(place, 0.0) + level_db
        levels_db[place] = max(-_MOST_ADDED_DB, min(added, _MOST_ADDED_DB))
    return levels_db


def gate_share(names: Sequence[str]) -> float | None:
    """What the energy gate is set to among the texts of a chain; None where there is none.

    Raises:
        UserError: a value outside its range.
    """
    gates = [text for text in names if text.partition("=")[0] == GATE]
    return _parsed(gates[-1], (), live=False)[1] if gates else None


def hearing_songs(names: Sequence[str]) -> list[str]:
    """Those texts of a chain whose stages hear a whole song, so that no stream can have them."""
    whole = {GATE, *(name for name, stage in _STAGES.items() if stage.hears_song)}
    return [text for text in names if text.partition("=")[0] in whole]


def _parsed(text: str, stems: Sequence[str], *, live: bool) -> tuple[str, float]:
    name, _, value = text.partition("=")
    ranges = {stage: (each.low, each.high) for stage, each in _STAGES.items()}
    ranges[GATE] = _GATE_RANGE
    ranges |= dict.fromkeys(stems, _CLAIM_RANGE_DB)
    if name not in ranges:
        whole = hearing_songs(list(ranges)) if live else []
        known = ", ".join(f"{stage}=NUMBER" for stage in ranges if stage not in whole)
        raise UserError(f"There is no post-processing stage {name!r}", f"use {known}")
    low, high = ranges[name]
    remedy = f"write {name}=NUMBER with a number from {low:g} to {high:g}"
    try:
        number = float(value)
    except ValueError:
        raise UserError(f"Post-processing {text!r} has no number", remedy) from None
    if not low <= number <= high:
        raise UserError(f"Post-processing {text!r} is out of range", remedy)
    return name, number
