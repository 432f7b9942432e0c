"""The recipes that come along: each makes a network, and begins where it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import build_network, load_network
from stemdesk_training.recipe import load_recipe
from stemdesk_training.run.initial import initial_network

RECIPES = Path(__file__).parents[2] / "training" / "recipes"


@pytest.mark.parametrize("name", sorted(path.stem for path in RECIPES.glob("*.toml")))
def test_a_recipe_makes_its_network(name, tmp_path):
    recipe = load_recipe(RECIPES / f"{name}.toml")
    assert recipe.model.id.startswith("bandmask_")
    if recipe.init is not None:
        network, before = initial_network(recipe, tmp_path)
        assert before is not None
        begun_as = load_network(find_model(recipe.init))[1]
        assert torch.equal(network.band_bias, begun_as.band_bias)
        return
    with torch.device("meta"):
        build_network(recipe.model.card())
