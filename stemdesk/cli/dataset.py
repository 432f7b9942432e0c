"""``stemdesk dataset``: hands over to the dataset doctor, a program of its own."""

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
        help="check multitracks before training on them",
        description="Check a library of multitracks: every song passes, is fixable, or is not"
        " for training. Nothing in it is changed.",
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="find what is wrong with the songs of a folder")
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
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the doctor as a child process; its exit status is ours."""
    names = ("report", "fix", "layout", "model", "device", "threads", "no_model", "fresh", "json")
    return run_program("stemdesk_training.doctor", [options.folder], options, names)
