"""Standardisation of a network's input, from the mixes it is to be trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk.separation.stft import stft
from stemdesk_training.losses.objective import song_scale
from stemdesk_training.mixes.model_mixes import ModelMixes

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from stemdesk_training.recipe import Recipe

ITEMS = 32
SEED_SHIFT = 7_000_003  # other mixes than those of the steps


def standardise(network: nn.Module, recipe: Recipe, pool: Path) -> None:
    """Tell every part of a fresh network that wants to know how its input is distributed.

    Parts that have a ``take_statistics`` get magnitudes of :data:`ITEMS` training mixtures,
    ``[items, channels, bins, steps]``. Repeatable: the mixes follow from the recipe's seed.
    """
    found = [getattr(part, "take_statistics", None) for part in network.modules()]
    takers = [take for take in found if callable(take)]
    if not takers:
        return
    model, data = recipe.model, recipe.data
    mixes = ModelMixes(model, data, pool, "train", data.seconds, data.seed + SEED_SHIFT)
    mixtures = torch.from_numpy(mixes.batch(0, ITEMS)).sum(dim=1)
    spectra = stft(mixtures, model.stft)
    if model.song_peak:
        spectra = spectra * song_scale(spectra)
    for take in takers:
        take(spectra.abs())
