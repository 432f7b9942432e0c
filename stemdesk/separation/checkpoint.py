"""Weights on disk: safetensors beside a model card, nothing that could run code."""

from __future__ import annotations

import hashlib
import importlib.metadata
from typing import TYPE_CHECKING

import msgspec
import safetensors
import safetensors.torch
import torch

from stemdesk.errors import UserError
from stemdesk.files import atomic_path
from stemdesk.separation.card import CARD_NAME, ModelCard, card_text, load_card
from stemdesk.separation.network import MaskNetwork, PerStem

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS_NAME = "weights.safetensors"
NETWORK_GROUP = "stemdesk.networks"
# What networks, anybody's, say of options and weights that do not belong to them.
_MISFIT = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, ImportError)


def network_class(name: str) -> type[MaskNetwork]:
    """The network registered under ``name`` in the entry-point group ``stemdesk.networks``.

    Raises:
        UserError: nothing installed provides it, or what does cannot be imported.
    """
    found = importlib.metadata.entry_points(group=NETWORK_GROUP, name=name)
    if not found:
        raise UserError(
            f"The network {name!r} is not installed", "install the package that provides it"
        )
    try:
        loaded: type[MaskNetwork] = next(iter(found)).load()
    except (ImportError, AttributeError) as error:
        raise UserError(
            f"The network {name!r} cannot be imported ({error})",
            "reinstall the package that provides it",
        ) from error
    return loaded


def build_network(card: ModelCard) -> MaskNetwork:
    """A network with fresh weights, as the card describes it."""
    network = network_class(card.network)
    if card.one_per_stem:
        return PerStem(network(**card.options) for _ in card.network_stems)
    return network(**card.options)


def load_network(folder: Path) -> tuple[ModelCard, MaskNetwork]:
    """The card, its ``sha256`` filled in, and the trained network, float32, ready to be used.

    Raises:
        UserError: weights are missing, damaged, or do not fit the network.
    """
    card = load_card(folder)
    path = folder / WEIGHTS_NAME
    remedy = "reinstall or remove that model"
    try:
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if card.sha256 not in ("", found):
            raise UserError(f"The weights {path} are not the ones the card describes", remedy)
        weights = safetensors.torch.load(data)
        network = build_network(card)
        network.load_state_dict(weights)
    except (OSError, safetensors.SafetensorError, *_MISFIT) as error:
        raise UserError(f"The weights {path} cannot be loaded ({error})", remedy) from error
    return msgspec.structs.replace(card, sha256=found), network.eval()


def save_network(
    folder: Path, card: ModelCard, weights: dict[str, torch.Tensor], *, halve: bool = True
) -> ModelCard:
    """Write weights and the card, each whole or not at all; returns the completed card.

    Weights are fp16, or what they were where ``halve`` is off: those of others are not ours to
    round. Counters, vectors (biases, running statistics) and what overflows fp16 keep their type:
    they weigh nothing, and a running variance may well be larger than 65504 or below 6e-8.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = _halved if halve else torch.Tensor.contiguous
    written = {name: kept(value.detach().cpu()) for name, value in sorted(weights.items())}
    data = safetensors.torch.save(written)
    card = msgspec.structs.replace(
        card,
        parameters=sum(value.numel() for value in written.values()),
        sha256=hashlib.sha256(data).hexdigest(),
        written_by=importlib.metadata.version("stemdesk"),
    )
    with atomic_path(folder / WEIGHTS_NAME) as partial:
        partial.write_bytes(data)
    with atomic_path(folder / CARD_NAME) as partial:
        partial.write_text(card_text(card), encoding="utf-8")
    return card


def _halved(value: torch.Tensor) -> torch.Tensor:
    if value.ndim < 2 or not value.is_floating_point():
        return value.contiguous()
    half = value.half()
    return (half if bool(half.isfinite().all()) else value).contiguous()
