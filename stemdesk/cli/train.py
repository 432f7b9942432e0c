"""``stemdesk train``: hands over to the trainer, a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, FOLDERS
from stemdesk.cli.programs import run_program

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train a model from a recipe",
        description="Train a model. Goes on from the last checkpoint when started again.",
    )
    recipe = parser.add_argument("recipe", metavar="RECIPE", help="TOML file, see training/recipes")
    pool = parser.add_argument("--pool", required=True, metavar="DIR",
        help="folder of training audio")  # fmt: skip
    folder = parser.add_argument("--run", required=True, dest="run_folder", metavar="DIR",
        help="folder for checkpoints, log and the finished model")  # fmt: skip
    recipe.complete = FILES  # type: ignore[attr-defined]
    pool.complete = folder.complete = FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--threads", type=int, help="processor threads (default: torch's own)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to compute (default: auto)")  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the trainer as a child process; its exit status is ours."""
    arguments = [options.recipe, f"--pool={options.pool}", f"--run={options.run_folder}"]
    return run_program("stemdesk_training", arguments, options, ("device", "threads"))
