"""Where a run begins: a fresh network, or another model's."""

from __future__ import annotations

import json
from inspect import Parameter, signature
from typing import TYPE_CHECKING

import torch

from stemdesk.errors import UserError
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import build_network, load_network, network_class
from stemdesk_training.mixes.input_statistics import standardise
from stemdesk_training.run.memory import free_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from stemdesk.separation.card import ModelCard
    from stemdesk.separation.network import MaskNetwork
    from stemdesk_training.recipe import Model, Recipe


# A weight, its gradient, the optimiser's two averages of it, and that of the weights themselves.
TRAINED_BYTES = 5 * 4


def initial_network(recipe: Recipe, pool: Path) -> tuple[MaskNetwork, ModelCard | None]:
    """The network to train: fresh, or that of the model that ``init`` names, with its card.

    What :attr:`MaskNetwork.may_begin_without` names may be new to that model, or more.

    Raises:
        UserError: there is no such model, it is of another network or other options, the network
            cannot have these options, or a fresh one is too large for the memory there is.
    """
    model = recipe.model
    torch.manual_seed(recipe.seed)
    if recipe.init is None:
        _require_memory(_outline(model))
        network = build_network(model.card())
        standardise(network, recipe, pool)
        return network, None
    card, network = load_network(find_model(recipe.init))
    for name in ("network", "n_fft", "hop", "masks", "one_per_stem"):
        if getattr(card, name) != getattr(model, name):
            raise _other(recipe, card, name)
    if card.options != model.options:
        network = _grown(network, card, recipe)
    return network, card


def _grown(network: MaskNetwork, card: ModelCard, recipe: Recipe) -> MaskNetwork:
    """The recipe's network with a model's weights, where some options are more."""
    added = {
        name: value
        for name, value in recipe.model.options.items()
        if name in network.may_begin_without
    }
    if recipe.model.options != {**card.options, **added}:
        raise _other_options(recipe, card, network.may_begin_without)
    _outline(recipe.model)
    grown = build_network(recipe.model.card())
    try:
        grown.begin_as(network)
    except ValueError as error:  # less than was there already, or another size of it
        raise _other_options(recipe, card, network.may_begin_without) from error
    return grown


def _other_options(recipe: Recipe, card: ModelCard, free: frozenset[str]) -> UserError:
    """Names what must be as the model had it; of what is ``free`` to be more, what is less."""
    wanted = recipe.model.options
    others = [name for name, value in card.options.items() if wanted.get(name) != value]
    lost = [name for name in others if name not in wanted or name not in free]
    new = sorted(set(wanted) - set(card.options) - free)
    kept = lost if lost or new else others
    remedies = [f"write {name} = {json.dumps(card.options[name])}" for name in kept]
    remedies += [f"leave {name} out" for name in new]
    return UserError(
        f"The model {recipe.init} was made with other options than the recipe's",
        f"in the recipe's options {' and '.join(remedies)}, or leave init out",
    )


def _other(recipe: Recipe, card: ModelCard, name: str) -> UserError:
    return UserError(
        f"The model {recipe.init} was made with another {name} than the recipe's",
        f"write {name} = {json.dumps(getattr(card, name))} into the recipe, or leave init out",
    )


def _outline(model: Model) -> MaskNetwork:
    """The recipe's network without memory for its weights; refuses options that it cannot have."""
    known = signature(network_class(model.network)).parameters
    open_ended = any(each.kind is Parameter.VAR_KEYWORD for each in known.values())
    unknown = sorted(set(model.options) - set(known))
    if unknown and not open_ended:
        raise UserError(
            f"The network {model.network} has no option {unknown[0]}",
            f"in the recipe's options use {', '.join(known)}" if known else "leave it out",
        )
    try:
        with torch.device("meta"):
            return build_network(model.card())
    except (TypeError, ValueError, LookupError, RuntimeError) as error:
        raise UserError(
            f"The network {model.network} cannot have the recipe's options"
            f" ({type(error).__name__}: {error})",
            "mend the recipe's options",
        ) from error


def _require_memory(network: MaskNetwork) -> None:
    """Refuse a network whose training could only end in a machine that swaps itself to death."""
    weights = sum(value.numel() for value in network.parameters())
    needed, free = TRAINED_BYTES * weights, free_bytes(torch.device("cpu"))
    if free is not None and needed > free:
        raise UserError(
            f"To train {weights / 1e6:.0f} million weights takes {needed / 1e9:.1f} GB of memory,"
            f" and {free / 1e9:.1f} GB are free",
            "close other programs, or write a smaller network into the recipe's options",
        )
