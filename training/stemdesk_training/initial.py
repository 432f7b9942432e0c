"""Where a run begins: a fresh network, or another model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stemdesk.errors import UserError
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import build_network, load_network
from stemdesk_training.input_statistics import standardise

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe


def initial_network(recipe: Recipe, pool: Path) -> tuple[MaskNetwork, ModelCard | None]:
    """The network to train: fresh, or that of the model that ``init`` names, with its card.

    Raises:
        UserError: there is no such model, or it is of another network or other options.
    """
    model = recipe.model
    torch.manual_seed(recipe.seed)
    if recipe.init is None:
        network = build_network(model.card())
        standardise(network, recipe, pool)
        return network, None
    card, network = load_network(find_model(recipe.init))
    for name in ("network", "options", "n_fft", "hop", "masks", "one_per_stem"):
        if getattr(card, name) != getattr(model, name):
            raise UserError(
                f"The model {recipe.init} was made with another {name} than the recipe's",
                f"write {name} = {getattr(card, name)!r} into the recipe, or leave init out",
            )
    return network, card
