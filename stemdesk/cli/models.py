"""``stemdesk models``: the models there are, and those that can be had."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.cli.parser import FILES
from stemdesk.cli.progress import run_with_progress
from stemdesk.cli.question import YES
from stemdesk.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Sequence

    from stemdesk.app.model_store.offers import Offer

_ACTIONS = ("list", "show", "get", "add", "remove", "check")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    models = commands.add_parser(
        "models",
        help="list the models, and get more of them",
        description="List the models that are installed, show a model's whole card, or get\n"
        "more models. 'stemdesk models ID' is short for 'stemdesk models show ID'.",
    )
    models.rewrite = _with_action  # type: ignore[attr-defined]
    actions = models.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list the models (also without ACTION)",
        description="List the models that are installed.")  # fmt: skip
    listing.add_argument("--available", action="store_true", help="list what can be downloaded")
    listing.add_argument("--json", action="store_true", help="print the cards as JSON")
    listing.set_defaults(run=run_list)
    show = actions.add_parser("show", help="show a model's whole card",
        description="Show a model's whole card.")  # fmt: skip
    show.add_argument("id", metavar="ID", help="a model, or a model folder")
    show.add_argument("--json", action="store_true", help="print the card as JSON")
    show.set_defaults(run=run_show)
    get = actions.add_parser("get", help="download a model",
        description="Download a model, check it and convert it. Shows its licence first.\n"
        "A stopped download goes on where it was.")  # fmt: skip
    get.add_argument("id", metavar="NAME", help="see 'stemdesk models list --available'")
    get.add_argument("--yes", action="store_true", help="agree to the licence without being asked")
    get.set_defaults(run=run_get)
    add = actions.add_parser("add", help="add a model that lies on this computer",
        description="Add a model folder, a package file, or a folder with its files.")  # fmt: skip
    path = add.add_argument("path", metavar="FILE|FOLDER", type=Path, help="what to add")
    path.complete = FILES  # type: ignore[attr-defined]
    add.set_defaults(run=run_add)
    remove = actions.add_parser("remove", help="remove a model that you added",
        description="Delete one of your own models, trained ones too. Asks first.")  # fmt: skip
    remove.add_argument("id", metavar="NAME", help="one of your own models")
    remove.add_argument("--yes", action="store_true", help="do not ask")
    remove.set_defaults(run=run_remove)
    check = actions.add_parser("check", help="check that models work",
        description="Compare weights with their hash, and run the model for a moment.")  # fmt: skip
    check.add_argument("id", metavar="NAME", nargs="?", help="a model, or a model folder;"
        " all of them if left out")  # fmt: skip
    check.set_defaults(run=run_check)


def _with_action(words: Sequence[str], _known: Collection[str]) -> list[str]:
    """``models`` lists, ``models ID`` shows."""
    first = next((word for word in words if not word.startswith("-")), None)
    if first in _ACTIONS or {"-h", "--help"} & set(words):
        return list(words)
    return ["list" if first is None else "show", *words]


def run_list(options: argparse.Namespace) -> int:
    """Print all cards, or all offers."""
    from stemdesk.separation.catalogue import DEFAULT_MODEL, list_models, list_problems

    if options.available:
        return _list_offers(as_json=options.json)
    cards = list_models()
    for problem in list_problems():
        print(problem, file=sys.stderr)
    if options.json:
        print(json.dumps([msgspec.to_builtins(card) for card in cards], indent=1))
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


def _list_offers(*, as_json: bool) -> int:
    from stemdesk.app.model_store.offers import OFFERS
    from stemdesk.separation.catalogue import model_folders

    installed = model_folders()
    if as_json:
        shown = [
            {**msgspec.to_builtins(each), "installed": each.id in installed} for each in OFFERS
        ]
        print(json.dumps(shown, indent=1))
        return 0
    for offer in OFFERS:
        print(f"{offer.id}{' (installed)' if offer.id in installed else ''}")
        print(f"  {offer.title}")
        print(f"  download: {offer.size_bytes / 1e6:.0f} MB; {offer.licence}")
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print one card."""
    from stemdesk.separation.card import card_text, load_card
    from stemdesk.separation.catalogue import find_model

    card = load_card(find_model(options.id))
    if options.json:
        print(json.dumps([msgspec.to_builtins(card)], indent=1))
    else:
        print(card_text(card), end="")
    return 0


def run_get(options: argparse.Namespace) -> int:
    """Ask, download, convert and add."""
    from stemdesk.app.model_store.adding import refuse_taken
    from stemdesk.app.model_store.getting import agree, get_model, is_agreed
    from stemdesk.app.model_store.offers import find_offer

    offer = find_offer(options.id)
    refuse_taken(offer.id)
    if not is_agreed(offer):
        print(f"{offer.title}: {offer.licence_note}")
        if not options.yes and not _agrees(offer):
            print("Nothing was downloaded.")
            return 1
        agree(offer)
    stopped = "Stopped. Repeat the command to go on where it was."
    with run_with_progress(as_json=False, stopped=stopped) as progress:
        progress.run(lambda report: get_model(offer, report))
    print(f"The model {offer.id} is ready: stemdesk separate SONG --model {offer.id}")
    return 0


def _agrees(offer: Offer) -> bool:
    size = f"{offer.size_bytes / 1e6:.0f} MB"
    return _says_yes(f"Download {size} under these terms?", "agree to the licence with --yes")


def _says_yes(question: str, remedy: str) -> bool:
    if not sys.stdin.isatty():
        raise UserError("Nobody can be asked on this terminal", remedy)
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in YES


def run_add(options: argparse.Namespace) -> int:
    """Convert where needed, and add."""
    from stemdesk.app.model_store.adding import add_model

    with run_with_progress(as_json=False) as progress:
        folder: Path = progress.run(lambda report: add_model(options.path, report))
    print(f"The model {folder.name} is ready: stemdesk separate SONG --model {folder.name}")
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Ask, and delete."""
    from stemdesk.app.model_store.removing import own_model, remove_model

    folder = own_model(options.id)
    question = f"Delete the model {folder.name} in {folder.parent}?"
    if not options.yes and not _says_yes(question, "remove it with --yes"):
        print("Nothing was removed.")
        return 1
    remove_model(folder)
    print(f"The model {folder.name} was removed.")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Check one model or all; the exit status says whether all of them work."""
    from stemdesk.separation.catalogue import find_model, model_folders
    from stemdesk.separation.checking import check_model

    one = options.id is not None
    folders = [find_model(options.id)] if one else list(model_folders().values())
    status = 0
    for folder in folders:
        try:
            print(f"{check_model(folder).id}: works", flush=True)
        except UserError as error:
            print(f"stemdesk: {error}", file=sys.stderr)
            status = 1
    return status
