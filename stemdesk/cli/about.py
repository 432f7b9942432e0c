"""``stemdesk devices`` and ``stemdesk models``: what there is to work with."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both commands to the parser."""
    devices = commands.add_parser(
        "devices",
        help="say why the GPU is or is not used",
        description="List the processors that StemDesk can use, best first, and why.",
    )
    devices.set_defaults(run=run_devices)
    models = commands.add_parser(
        "models",
        help="list the models and their cards",
        description="List the models that are installed; with an id, show its whole card.",
    )
    models.add_argument("id", nargs="?", help="a model")
    models.add_argument("--json", action="store_true", help="print the cards as JSON")
    models.set_defaults(run=run_models)


def run_devices(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Print every device with the reason."""
    from stemdesk.separation.devices import list_devices

    chosen = True
    for device in list_devices():
        mark = "used" if device.usable and chosen else "usable" if device.usable else "not usable"
        chosen = chosen and not device.usable
        print(f"{device.name:<5} {mark:<11} {device.description}")
    return 0


def run_models(options: argparse.Namespace) -> int:
    """Print all cards, or one."""
    from stemdesk.separation.card import card_text, load_card
    from stemdesk.separation.catalogue import (
        DEFAULT_MODEL,
        find_model,
        list_models,
        list_problems,
    )

    cards = [load_card(find_model(options.id))] if options.id else list_models()
    for problem in [] if options.id else list_problems():
        print(problem, file=sys.stderr)
    if options.json:
        print(json.dumps([msgspec.to_builtins(card) for card in cards], indent=1))
        return 0
    if options.id:
        print(card_text(cards[0]), end="")
        return 0
    if not cards:
        print("No model is installed.")
    for card in cards:
        default = " (default)" if card.id == DEFAULT_MODEL else ""
        print(f"{card.id}{default}")
        print(f"  {card.title}")
        print(f"  stems: {', '.join(card.stems)}; {card.sample_rate} Hz; {card.licence}")
        for benchmark, scores in card.scores.items():
            told = ", ".join(f"{stem} {db:.1f}" for stem, db in scores.items())
            print(f"  {benchmark} in dB: {told}")
    return 0
