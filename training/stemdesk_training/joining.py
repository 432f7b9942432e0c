"""``python -m stemdesk_training.joining OUT MODEL=WEIGHT[@SPEED,SPEED...] ...``: models become one.

Makes an ensemble (:mod:`stemdesk_models.ensemble`) of BandMasks that give shares of the same stems
on the same transform, each heard as it is or at several speeds: one model at two speeds is an
ensemble, too. Its card begins as the first one's, so that tuning goes on as that was
trained; scores are left out, for nobody has measured them yet.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from stemdesk.errors import UserError
from stemdesk.separation.catalogue import find_model
from stemdesk.separation.checkpoint import load_network, save_network
from stemdesk.separation.transform import StftSettings
from stemdesk_models.bandmask import BandMask
from stemdesk_models.other_speeds import (
    FASTEST,
    SLOWEST,
    WINDOW_MULTIPLE,
    can_be_heard_at,
)

if TYPE_CHECKING:
    import torch

    from stemdesk.separation.card import ModelCard

NETWORK, MEMBER = "ensemble", "bandmask"
# What all members must have in common.
_COMMON = (
    *("network_stems", "closing", "sample_rate", "channels", "n_fft", "hop", "win_length"),
    *("masks", "one_per_stem", "song_peak", "licence"),
)


def main(arguments: list[str] | None = None) -> int:
    """Join and save; the exit status tells whether the model was made."""
    parser = argparse.ArgumentParser(prog="stemdesk_training.joining", description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the model to make; its name is the id")
    parser.add_argument(
        "members",
        nargs="+",
        metavar="MODEL=WEIGHT[@SPEED,SPEED...]",
        help="id or folder, share, and at which speeds it hears the mixture (0.75 is slower)",
    )
    parser.add_argument("--title", help="of the model")
    options = parser.parse_args(arguments)
    try:
        card = join(options.out, [_member(text) for text in options.members], options.title)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{options.out}: {card.parameters} parameters\n")
    return 0


class Member(NamedTuple):
    """A model, an id or a folder, how much it counts, and the speeds at which it hears."""

    model: str
    weight: float
    speeds: tuple[float, ...] = (1.0,)


def _member(text: str) -> Member:
    model, _, shares = text.rpartition("=")
    weight, _, speeds = shares.partition("@")
    try:
        return Member(model, float(weight), tuple(map(float, (speeds or "1").split(","))))
    except ValueError:
        raise UserError(
            f"{text} is not MODEL=WEIGHT[@SPEED,SPEED...]",
            "write for example bandmask_fast=0.4 or bandmask_fast=0.4@0.75,1",
        ) from None


def join(out: Path, members: list[Member], title: str | None = None) -> ModelCard:
    """Write the ensemble of models; returns the card.

    Weights are scaled to sum to one.

    Args:
        out: folder to make.
        members: at least two, or one with two speeds.
        title: None: that of the first, and that it is an ensemble.

    Raises:
        UserError: there is a model already, or these cannot be joined.
    """
    if out.exists():
        raise UserError(f"{out} is there already", "choose another folder")
    _check_members(members)
    total = sum(member.weight for member in members)
    cards: list[ModelCard] = []
    tensors: dict[str, torch.Tensor] = {}
    for place, member in enumerate(members):
        card, network = load_network(find_model(member.model))
        _check(card, cards[0] if cards else card)
        _check_speeds(card, network, member.speeds)
        cards.append(card)
        state = network.state_dict()
        tensors |= {f"networks.{place}.{name}": value for name, value in state.items()}
    first = cards[0]
    shares = [member.weight / total for member in members]
    speeds = [list(member.speeds) for member in members]
    options = {
        "stems": len(first.network_stems),
        "weights": shares,
        "speeds": speeds,
        "members": [_own_options(card) for card in cards],
    }
    answers = sum(map(len, speeds))
    told = {
        "note": f"The mean of {answers} answers, of models or of one at several speeds.",
        "members": [
            {"id": card.id, "weight": share, "speeds": own, "sha256": card.sha256, **_lasted(card)}
            for card, share, own in zip(cards, shares, speeds, strict=True)
        ],
    }
    made = msgspec.structs.replace(
        first,
        id=out.name,
        title=title or f"{first.title} (ensemble)",
        network=NETWORK,
        options=options,
        credits=list(dict.fromkeys(credit for card in cards for credit in card.credits)),
        training={**first.training, **told},
        scores={},
    )
    return save_network(out, made, tensors)


def _check_members(members: list[Member]) -> None:
    """What can be said of them before any is loaded."""
    if not all(0 < member.weight < math.inf for member in members):
        raise UserError("A weight says how much a model counts", "give each one above 0")
    if not all(can_be_heard_at(speed) for member in members for speed in member.speeds):
        raise UserError(
            "No model hears at those speeds",
            f"write numbers from {SLOWEST:g} to {FASTEST:g}, 1 for the speed it has",
        )
    if len(members) == 1 and members[0].speeds == (1.0,):
        raise UserError(
            "That is one model as it is",
            "name a second one, or speeds at which it is to hear, as in MODEL=1@0.75,1",
        )
    if any(len(set(member.speeds)) < len(member.speeds) for member in members):
        raise UserError("A speed is named twice for a model", "name each once")
    if len({member.model for member in members}) < len(members):
        raise UserError(
            "A model is named twice", "name it once, with all its speeds, as in MODEL=1@0.75,1"
        )


def _check(card: ModelCard, first: ModelCard) -> None:
    shares = card.masks == "softmax" and not card.options.get("complex_masks", True)
    if card.network != MEMBER or not shares or card.options.get("causal"):
        raise UserError(
            f"{card.id} cannot be a member of an ensemble",
            "choose BandMasks that give shares and hear the future (masks softmax, not causal)",
        )
    for name in _COMMON:
        if getattr(card, name) != getattr(first, name):
            raise UserError(
                f"{card.id} and {first.id} differ in {name}", "choose models that have it in common"
            )


def _check_speeds(card: ModelCard, network: torch.nn.Module, speeds: tuple[float, ...]) -> None:
    known = StftSettings(card.n_fft, card.n_fft // 2, card.n_fft)
    whole = isinstance(network, BandMask) and network.bins == card.n_fft // 2
    fits = card.stft == known and card.n_fft % WINDOW_MULTIPLE == 0 and whole
    if speeds != (1.0,) and not fits:
        raise UserError(
            f"{card.id} hears at its own speed only",
            f"choose models with a window of a multiple of {WINDOW_MULTIPLE} frames, twice the "
            "hop, whose bands reach its last bin",
        )


def _own_options(card: ModelCard) -> dict[str, object]:
    """What an ensemble does not say once for all."""
    return {
        name: value
        for name, value in card.options.items()
        if name not in ("stems", "complex_masks", "causal")
    }


def _lasted(card: ModelCard) -> dict[str, object]:
    kept = ("steps", "mix_hours", "note")
    return {name: card.training[name] for name in kept if name in card.training}


if __name__ == "__main__":
    sys.exit(main())
