"""What a recipe's losses say of models, on mixes for training and on held-out ones.

    python tests/benchmarks/training_losses.py RECIPE POOL --model ID|DIR ... [--batches N]

The mean over N batches of what training minimises, with one set of mixes for all models: a finer
measure than medians of scores, and one that tells overfitting (the training column falls, the other
rises) from progress. The recipe says how mixes are made and what the losses are; held-out mixes are
drawn without its augmentation, as in validation.
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
    from stemdesk_training.recipe import Recipe

SEED = 777
SPLITS = ("train", "valid")


def batches(recipe: Recipe, pool: Path, split: str, count: int) -> list[torch.Tensor]:
    data = recipe.data
    mixes = ModelMixes(recipe.model, data, pool, split, data.seconds, SEED)
    return [torch.from_numpy(mixes.batch(index, data.batch)) for index in range(count)]


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
    objective = Objective(recipe, torch.device("cpu"))
    mixes = {split: batches(recipe, options.pool, split, options.batches) for split in SPLITS}
    print(f"{'':24}{'training':>10}{'held out':>10}")
    for name in options.model:
        _, network = load_network(find_model(name))
        row = f"{Path(name).name:24}"
        for split in SPLITS:
            with torch.inference_mode():
                losses = [float(objective(network.eval(), batch)) for batch in mixes[split]]
            row += f"{np.mean(losses):10.4f}"
        print(row, flush=True)


if __name__ == "__main__":
    main()
