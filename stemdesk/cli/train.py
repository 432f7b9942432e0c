"""``stemdesk train``: hands over to the trainer, a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.cli.parser import FILES, FOLDERS
from stemdesk.cli.programs import run_program

if TYPE_CHECKING:
    import argparse

DESCRIPTION = """\
Train a model. Goes on from the last checkpoint when started again.

Several processes, on one machine or more, train together under torchrun:
  torchrun --nproc-per-node 2 -m -- stemdesk_training RECIPE ..."""
HANDED_ON = (
    "pool",
    "songs",
    "layout",
    "control",
    "memory",
    "tensorboard",
    "install",
    "name_songs",
    "device",
    "threads",
)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "train", help="train a model from a recipe", description=DESCRIPTION
    )
    recipe = parser.add_argument("recipe", metavar="RECIPE", help="TOML file, see training/recipes")
    source = parser.add_mutually_exclusive_group(required=True)
    pool = source.add_argument("--pool", metavar="DIR", help="folder of training audio")
    songs = source.add_argument("--songs", metavar="DIR",
        help="folder of songs in stems, made a pool first")  # fmt: skip
    parser.add_argument("--layout", help="how the songs are laid out (default: found out)")
    folder = parser.add_argument("--run", required=True, dest="run_folder", metavar="DIR",
        help="folder for checkpoints, log and the finished model")  # fmt: skip
    recipe.complete = FILES  # type: ignore[attr-defined]
    for argument in (pool, songs, folder):
        argument.complete = FOLDERS  # type: ignore[attr-defined]
    parser.add_argument("--install", action="store_true",
        help="add the finished model to the models that all commands list")  # fmt: skip
    parser.add_argument("--name-songs", action="store_true",
        help="let the model's card name the songs it learnt from")  # fmt: skip
    parser.add_argument("--memory", choices=("auto", "low", "high"),
        help="share of the free memory to take, measured (default: the recipe's)")  # fmt: skip
    parser.add_argument("--tensorboard", action="store_true",
        help="write curves for TensorBoard, too")  # fmt: skip
    parser.add_argument("--control", choices=("stdin",),
        help="obey the lines pause, resume and stop; stop where they end")  # fmt: skip
    parser.add_argument(
        "--threads", type=int, help="processor threads (default: all physical cores)"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto",
        help="where to compute (default: auto)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print what happens as JSON lines")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the trainer as a child process; its exit status is ours."""
    arguments = [options.recipe, f"--run={options.run_folder}"]
    if not options.json:
        arguments.append("--sentences")
    return run_program("stemdesk_training", arguments, options, HANDED_ON)
