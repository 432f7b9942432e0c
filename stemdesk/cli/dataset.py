"""``stemdesk dataset``: hands over to the dataset doctor and the catalogue builder, programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.cli.parser import FOLDERS
from stemdesk.cli.programs import run_program

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "dataset",
        help="check multitracks before training, or make some of instrumentals",
        description="Look after what models are trained on. Nothing of yours is changed.",
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    _add_check(actions)
    _add_catalogue(actions)


def _add_check(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = actions.add_parser(
        "check",
        help="find what is wrong with the songs of a folder",
        description="Check a library of multitracks: every song passes, is fixable, or is not"
        " for training. Nothing in it is changed.",
    )
    folder = check.add_argument("folder", metavar="FOLDER", help="a folder of songs in stems")
    folder.complete = FOLDERS  # type: ignore[attr-defined]
    check.add_argument("--report", metavar="FILE", help="write a page of findings and pictures")
    check.add_argument("--fix", metavar="DIR", help="write repaired copies of fixable songs there")
    check.add_argument("--layout", help="how the folder is laid out (default: found out)")
    check.add_argument("--model", help="what listens whether a stem is what it is called")
    check.add_argument("--no-model", action="store_true", help="do not listen, which is quicker")
    check.add_argument("--fresh", action="store_true", help="look again at what is known")
    check.add_argument("--json", action="store_true", help="print the findings as JSON")
    check.add_argument("--device", help="where to compute (default: auto)")
    check.add_argument("--threads", help="processor threads")
    check.set_defaults(run=run_check)


def _add_catalogue(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    catalogue = actions.add_parser(
        "catalogue",
        help="make training songs of mixes and their instrumentals",
        description="Find pairs of a mix and its instrumental by name and by sound, align and"
        " level them, and write the mix, what it has more than the instrumental (the vocals), and"
        " the accompaniment, each pair in a folder of its own, with a catalogue.toml that tells"
        " what was found. Goes on where it was stopped. Recordings longer than 5 minutes are left"
        " out.",
    )
    for name, text in (
        ("mixes", "a folder of finished songs; only read"),
        ("instrumentals", "a folder of instrumentals; only read; may be the same"),
    ):
        folder = catalogue.add_argument(name, metavar=name.upper(), help=text)
        folder.complete = FOLDERS  # type: ignore[attr-defined]
    output = catalogue.add_argument("-o", "--output", required=True, metavar="DIR",
        help="folder for the songs")  # fmt: skip
    output.complete = FOLDERS  # type: ignore[attr-defined]
    catalogue.add_argument("--excerpts", metavar="N",
        help="most from each song, of 11.88 s (default: 1)")  # fmt: skip
    catalogue.add_argument("--whole", action="store_true", help="whole songs, not excerpts")
    catalogue.add_argument("--margin", metavar="SECONDS",
        help="take nothing from either end of a song (default: 20)")  # fmt: skip
    catalogue.add_argument("--levels", choices=("fit", "loudness"),
        help="match levels by least squares, or make both as loud (default: fit)")  # fmt: skip
    catalogue.add_argument("--accompaniment", choices=("recording", "rest"),
        help="the instrumental, or what is left of the mix (default: recording)")  # fmt: skip
    catalogue.add_argument("--report", metavar="FILE", help="write a page of what was found")
    catalogue.add_argument("--json", action="store_true", help="print what was found as JSON")
    catalogue.add_argument("--threads", help="processor threads")
    catalogue.set_defaults(run=run_catalogue)


def run_catalogue(options: argparse.Namespace) -> int:
    """Run the catalogue builder as a child process; its exit status is ours."""
    names = ("output", "excerpts", "margin", "levels", "accompaniment", "report", "threads")
    arguments = [options.mixes, options.instrumentals]
    module = "stemdesk_training.catalogue"
    return run_program(module, arguments, options, (*names, "whole", "json"))


def run_check(options: argparse.Namespace) -> int:
    """Run the doctor as a child process; its exit status is ours."""
    names = ("report", "fix", "layout", "model", "device", "threads", "no_model", "fresh", "json")
    return run_program("stemdesk_training.doctor", [options.folder], options, names)
