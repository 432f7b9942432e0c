"""``stemdesk train``: hands over to the trainer, a program of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train",
        help="train a model from a recipe",
        description="Train a model. Goes on from the last checkpoint when started again.",
    )
    parser.add_argument("recipe", help="TOML file, see training/recipes")
    parser.add_argument("--pool", required=True, help="folder of training audio")
    parser.add_argument("--run", required=True, dest="run_folder", metavar="RUN",
        help="folder for checkpoints, log and the finished model")  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the trainer as a child process; its exit status is ours."""
    command = [sys.executable, "-m", "stemdesk_training", options.recipe]
    command += ["--pool", options.pool, "--run", options.run_folder]
    return subprocess.run(command, check=False).returncode
