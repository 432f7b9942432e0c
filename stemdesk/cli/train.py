"""``stemdesk train``: hands over to the trainer, a program of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, FOLDERS

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
    command = [sys.executable, "-m", "stemdesk_training", options.recipe]
    command += ["--pool", options.pool, "--run", options.run_folder, "--device", options.device]
    if options.threads:
        command += ["--threads", str(options.threads)]
    with subprocess.Popen(command) as trainer:
        try:
            return trainer.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches the trainer too; it may still have a checkpoint to write.
            trainer.wait()
            raise
