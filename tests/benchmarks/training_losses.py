"""What a recipe's losses say of models, on mixes for training and on held-out ones.

    python tests/benchmarks/training_losses.py RECIPE POOL --model ID|DIR ... [--batches N]

The mean over N batches of what training minimises, the same mixes for all models: a finer measure
than medians of scores, and one that tells overfitting (the training column falls, the other rises)
from progress. The recipe says how mixes are made, on the host, and what the losses are. Held-out
mixes are drawn as in validation, without what the recipe has for training alone (levels, speeds,
augmentation): compare rows, not columns.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network
from stemdesk.separation.devices import set_threads
from stemdesk_training.losses.objective import Objective
from stemdesk_training.mixes.model_mixes import ModelMixes
from stemdesk_training.recipe import load_recipe

if TYPE_CHECKING:
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Recipe

SEED = 777
SPLITS = ("train", "valid")


def network_of(name: str, recipe: Recipe) -> MaskNetwork:
    card, network = load_network(find_model(name))
    model = recipe.model
    if (card.stft, card.mask_settings, card.stems) != (
        model.stft,
        model.mask_settings,
        model.stems,
    ):
        raise SystemExit(f"{name} does not hear or answer as the recipe's model does")
    return network.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--model", action="append", required=True)
    parser.add_argument("--batches", type=int, default=30)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    set_threads(options.threads)
    recipe = load_recipe(options.recipe)
    data, objective = recipe.data, Objective(recipe, torch.device("cpu"))
    networks = [network_of(name, recipe) for name in options.model]
    losses = np.zeros((len(networks), len(SPLITS), options.batches))
    for column, split in enumerate(SPLITS):
        mixes = ModelMixes(recipe.model, data, options.pool, split, data.seconds, SEED)
        for index in range(options.batches):
            batch = torch.from_numpy(mixes.batch(index, data.batch))
            for row, network in enumerate(networks):
                with torch.inference_mode():
                    losses[row, column, index] = objective(network, batch)
    print(f"{'':24}{'training':>10}{'held out':>10}")
    for name, values in zip(options.model, losses.mean(axis=2), strict=True):
        print(f"{Path(name).name:24}" + "".join(f"{value:10.4f}" for value in values))


if __name__ == "__main__":
    main()
