"""A fixed set of held-out mixes, scored during training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.separation.masks import masks_for
from stemdesk.separation.postprocess import build_chain
from stemdesk.separation.stft import istft, stft
from stemdesk_training.losses.objective import song_scale
from stemdesk_training.metrics import usdr
from stemdesk_training.mixes.model_mixes import ModelMixes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe

AUDIBLE_RMS = 1e-3
SEED = 20_000  # any fixed number: validation never changes with the run's own seed


class Validation:
    """Mean and per-stem uSDR of a network on mixes from the pool's held-out half.

    Args:
        recipe: of the network.
        pool: with the mixes.
        post: post-processing stages with which the model will be used.
    """

    def __init__(self, recipe: Recipe, pool: Path, post: Sequence[str] = ()) -> None:
        self._recipe, self._post = recipe, post
        model, data = recipe.model, recipe.data
        mixes = ModelMixes(model, data, pool, "valid", data.validation_seconds, SEED)
        self._items = [mixes.batch(index, 1)[0] for index in range(recipe.data.validation_items)]

    def score(self, network: MaskNetwork, items: int | None = None) -> dict[str, float]:
        """USDR in dB per stem (median over the items in which it sounds) and their mean.

        Args:
            network: what is scored.
            items: on so many of the mixes, the first; None: all.
        """
        model = self._recipe.model
        found: dict[str, list[float]] = {stem: [] for stem in model.stems}
        for targets in self._items[:items]:
            estimates = separate_item(network, self._recipe, targets.sum(axis=0), self._post)
            scores = usdr(targets.astype(np.float64), estimates.astype(np.float64))
            for stem, target, score in zip(model.stems, targets, scores, strict=True):
                if np.sqrt(np.mean(target**2)) > AUDIBLE_RMS:
                    found[stem].append(float(score))
        medians = {stem: float(np.median(values)) for stem, values in found.items() if values}
        return {**medians, "mean": float(np.mean(list(medians.values())))}


def separate_item(
    network: MaskNetwork,
    recipe: Recipe,
    mixture: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    post: Sequence[str] = (),
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Separate one short mixture ``[channels, frames]`` in one piece, without closure or gate."""
    model = recipe.model
    settings = model.stft
    with torch.inference_mode():
        device = next(network.parameters()).device
        spectrum = stft(torch.from_numpy(mixture)[None].to(device), settings)
        heard = spectrum * song_scale(spectrum) if model.song_peak else spectrum
        masks = masks_for(model.mask_settings, network, heard)
        # In the network's order: the closing stem is last in the masks.
        given = model.card().stems
        for stage in build_chain(post, given):
            masks = stage(masks[0], spectrum[0])[None]
        stems = istft(masks * spectrum[:, None], settings, mixture.shape[-1])[0].cpu().numpy()
        return stems[[given.index(stem) for stem in model.stems]]
