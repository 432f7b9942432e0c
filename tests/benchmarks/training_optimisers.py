"""What optimisers make of the same mixes from the same weights.

    python tests/benchmarks/training_optimisers.py RECIPE POOL [--steps 300] [--at adamw=1e-3 ...]

Each starts from the recipe's ``init``, or else its first weights, and sees the batches of the
recipe one by one at a constant learning rate. The table has the mean loss of every stretch of
steps, less that of the first optimiser with the standard error of the difference, which is small
because both hear the same; and at the end the losses of the average of the weights on mixes for
training that neither has heard and on held-out ones.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import msgspec
import numpy as np
import torch

from stemdesk.separation.devices import set_threads
from stemdesk_training.losses.objective import Objective
from stemdesk_training.mixes.model_mixes import ModelMixes
from stemdesk_training.recipe import Recipe, load_recipe
from stemdesk_training.run.initial import initial_network
from stemdesk_training.run.optimisers import make_optimiser
from stemdesk_training.run.state import TrainingState

UNHEARD_SEED, HELD_OUT_BATCHES = 777, 12


class Candidate:
    """One optimiser and the network that it moves."""

    def __init__(self, recipe: Recipe, pool: Path, name: str) -> None:
        algorithm, _, rate = name.partition("=")
        self.name, optimiser = name, recipe.optimiser
        self.settings = msgspec.structs.replace(
            optimiser,
            algorithm=algorithm,
            learning_rate=float(rate or optimiser.learning_rate),
            momentum=None,
            weight_decay=None,
        )
        torch.manual_seed(recipe.seed)
        self.network, _ = initial_network(recipe, pool)
        made = make_optimiser(self.settings, self.network)
        self.state = TrainingState(self.network, made, optimiser.ema_decay)
        self.losses: list[float] = []
        self.seconds: list[float] = []

    def step(self, objective: Objective, batch: torch.Tensor) -> None:
        begun = time.perf_counter()
        optimiser = self.state.optimiser
        warm = min(1.0, (self.state.step + 1) / self.settings.warm_up_steps)
        for group in optimiser.param_groups:
            group["lr"] = warm * self.settings.learning_rate
        optimiser.zero_grad()
        loss = objective(self.network.train(), batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.clip_norm)
        optimiser.step()
        self.state.after_step()
        self.losses.append(float(loss.detach()))
        self.seconds.append(time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--stretch", type=int, default=50)
    parser.add_argument("--at", nargs="+", default=["adamw", "muon"], metavar="ALGORITHM[=RATE]")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    set_threads(options.threads)
    recipe = load_recipe(options.recipe)
    data, objective = recipe.data, Objective(recipe, torch.device("cpu"))
    candidates = [Candidate(recipe, options.pool, name) for name in options.at]
    mixes = ModelMixes(recipe.model, data, options.pool, "train", data.seconds, data.seed)
    print(f"{'loss, steps':16}" + "".join(f"{one.name:>22}" for one in candidates), flush=True)
    for index in range(options.steps):
        batch = torch.from_numpy(mixes.batch(index, data.batch))
        for one in candidates:
            one.step(objective, batch)
        if (index + 1) % options.stretch == 0:
            line = stretch(candidates, index + 1 - options.stretch, index + 1)
            print(line, flush=True)
    for title, split in (("unheard", "train"), ("held out", "valid")):
        fresh = ModelMixes(recipe.model, data, options.pool, split, data.seconds, UNHEARD_SEED)
        found = [averaged_loss(one, objective, fresh, data.batch) for one in candidates]
        print(f"{title:16}" + "".join(f"{value:>22.4f}" for value in found), flush=True)
    medians = "".join(f"{np.median(one.seconds):>22.2f}" for one in candidates)
    print(f"{'seconds a step':16}{medians}")


def stretch(candidates: list[Candidate], begin: int, end: int) -> str:
    """The row of some steps."""
    first = np.array(candidates[0].losses[begin:end])
    row = f"{f'{begin + 1} to {end}':16}{first.mean():>22.4f}"
    for one in candidates[1:]:
        less = np.array(one.losses[begin:end]) - first
        row += f"{f'{less.mean():+.4f} +- {less.std() / len(less) ** 0.5:.4f}':>22}"
    return row


def averaged_loss(
    one: Candidate, objective: Objective, mixes: ModelMixes, batch_items: int
) -> float:
    """Of the average of the weights."""
    kept = {name: value.clone() for name, value in one.network.state_dict().items()}
    one.network.load_state_dict(one.state.average)
    one.network.eval()
    with torch.inference_mode():
        losses = [
            float(objective(one.network, torch.from_numpy(mixes.batch(index, batch_items))))
            for index in range(HELD_OUT_BATCHES)
        ]
    one.network.load_state_dict(kept)
    return float(np.mean(losses))


if __name__ == "__main__":
    main()
