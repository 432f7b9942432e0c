"""A recipe for fine-tuning a model, by how much there is to learn from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple, get_args

import msgspec
import numpy as np
import torch

from stemdesk_training.losses.objective import Objective
from stemdesk_training.recipe import Data, LossName, Model, Optimiser, Recipe
from stemdesk_training.tuning.freezing import policy_for
from stemdesk_training.validation import separate_item

if TYPE_CHECKING:
    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.tuning.tuned_card import Material
    from stemdesk_training.tuning_settings import Tuning

VALIDATIONS = 4
VALIDATION_ITEMS = 16
REFERENCE_ITEMS = 10
VALIDATION_SECONDS = 6.0
ITEM_SECONDS = 4.0
ITEMS = 2
PROBED_STEPS = 3
# A run of so many minutes must not end before them by its steps, should they turn out quicker.
MARGIN = 20


class Effort(NamedTuple):
    """How long and how fast to learn.

    Attributes:
        steps: of the optimiser.
        learning_rate: at its height.
    """

    steps: int
    learning_rate: float


# The more material, the more there is to learn before it is known by heart; the more of a network
# is free, the smaller the steps must be.
EFFORTS = {
    "all_but_heads": Effort(300, 5e-4),
    "lower_half": Effort(1000, 3e-4),
    "nothing": Effort(3000, 2e-4),
}


class Cost(NamedTuple):
    """Measured on this machine.

    Attributes:
        step_seconds: of a step.
        item_seconds: of separating a validation's item.
    """

    step_seconds: float
    item_seconds: float

    def seconds(self, steps: float, validations: int, items: int) -> float:
        """Of a run with so many validations, the base model's first."""
        return steps * self.step_seconds + validations * items * self.item_seconds


def make_recipe(
    card: ModelCard, tuning: Tuning, names: tuple[str, str], material: Material
) -> Recipe:
    """A recipe with sane choices.

    Args:
        card: of the base model.
        tuning: its table.
        names: id and title of the model to make.
        material: what there is to learn from.
    """
    shared = {
        name: value
        for name, value in msgspec.to_builtins(card).items()
        if name in Model.__struct_fields__
    }
    model = msgspec.convert({**shared, "id": names[0], "title": names[1]}, Model)
    trained = card.training
    losses = {
        name: weight
        for name, weight in trained.get("losses", {}).items()
        if name in get_args(LossName)
    }
    effort = EFFORTS[policy_for(material.train_seconds)]
    held_out = max(1.0, material.valid_seconds)
    return Recipe(
        model=model,
        data=Data(
            seconds=float(trained.get("item_seconds", ITEM_SECONDS)),
            batch=int(trained.get("batch", ITEMS)),
            # They are drawn at random: twice as much as there is hears nearly all of it.
            validation_items=min(VALIDATION_ITEMS, 1 + int(2 * held_out / VALIDATION_SECONDS)),
            validation_seconds=min(VALIDATION_SECONDS, held_out),
        ),
        optimiser=Optimiser(
            steps=effort.steps,
            learning_rate=effort.learning_rate,
            warm_up_steps=20,
            weight_decay=0.0,  # towards nothing, where l2_sp goes towards the base
            ema_decay=0.99,
        ),
        losses=losses or {"waveform_l1": 1.0},
        init=tuning.base,
        tuning=tuning,
        checkpoint_steps=25,
        validate_steps=max(1, effort.steps // VALIDATIONS),
        note=f"Tuned from {card.id} on a studio's own songs.",
    )


def with_steps(recipe: Recipe, steps: int) -> Recipe:
    """The recipe with another length."""
    return msgspec.structs.replace(
        recipe,
        optimiser=msgspec.structs.replace(recipe.optimiser, steps=steps),
        validate_steps=max(1, steps // VALIDATIONS),
    )


def with_minutes(recipe: Recipe, minutes: float, cost: Cost, spent_seconds: float = 0.0) -> Recipe:
    """The recipe to take so many minutes, of which preparing and validations take their share.

    That the run ends with them is for the trainer to see to (``RunOptions.wall_seconds``); here
    they decide how the learning rate falls, and when it is validated.

    Args:
        recipe: as :func:`make_recipe` makes it.
        minutes: of the whole.
        cost: of its parts, on this machine.
        spent_seconds: of the minutes, before training.
    """
    items = recipe.data.validation_items + REFERENCE_ITEMS
    left = 60 * minutes - spent_seconds - cost.seconds(0, VALIDATIONS + 1, items)
    training_seconds = max(VALIDATIONS * cost.step_seconds, left)
    steps = max(VALIDATIONS, round(training_seconds / cost.step_seconds))
    recipe = with_steps(recipe, steps)
    optimiser = msgspec.structs.replace(
        recipe.optimiser, steps=MARGIN * steps, minutes=training_seconds / 60
    )
    return msgspec.structs.replace(recipe, optimiser=optimiser)


def measure(recipe: Recipe, network: MaskNetwork, device: torch.device) -> Cost:
    """Time a few steps on noise, and the separation of one item; the network keeps its weights."""
    model, data = recipe.model, recipe.data
    objective = Objective(recipe, device)
    shape = (data.batch, len(model.stems), model.channels, round(data.seconds * model.sample_rate))
    noise = 0.1 * torch.randn(*shape, device=device)
    times = []
    network = network.to(device).train()
    for _ in range(PROBED_STEPS):
        started = time.perf_counter()
        torch.autograd.backward(objective(network, noise))
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - started)
    network.zero_grad(set_to_none=True)
    network.eval()
    frames = round(data.validation_seconds * model.sample_rate)
    mixture = np.zeros((model.channels, frames), np.float32)
    started = time.perf_counter()
    separate_item(network, recipe, mixture)
    return Cost(min(times), time.perf_counter() - started)
