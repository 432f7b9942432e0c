"""``python -m stemdesk_training RECIPE --pool POOL --run RUN``: train, one JSON event a line.

Several processes train together when ``torchrun`` starts them:

    torchrun --nproc-per-node 2 -m -- stemdesk_training RECIPE --pool POOL --run RUN

Each takes the recipe's batch; machines share the folders of pool and run.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from stemdesk.errors import UserError
from stemdesk.paths import cache_dir
from stemdesk.processes import heed_interrupts
from stemdesk.separation.devices import CHOICES, choose_device, set_threads
from stemdesk_training.datasets.library import LAYOUTS
from stemdesk_training.nmf_dictionaries import NETWORK as DICTIONARIES
from stemdesk_training.nmf_dictionaries import learn
from stemdesk_training.prepared import prepare
from stemdesk_training.recipe import Memory, Recipe, load_recipe
from stemdesk_training.run.control import STOP, Control, Wish
from stemdesk_training.run.distributed import Ranks
from stemdesk_training.run.events import Note
from stemdesk_training.run.folder import RunFolder
from stemdesk_training.run.options import RunOptions
from stemdesk_training.run.reporter import Reporter, silent
from stemdesk_training.trainer import Trainer
from stemdesk_training.tuning.display import Display

if TYPE_CHECKING:
    from stemdesk_training.run.events import Emit, Event

EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells expect


def main(arguments: list[str] | None = None) -> int:
    """Run a recipe; the exit status tells whether the model was finished."""
    heed_interrupts()
    options = _parser().parse_args(arguments)
    set_threads(options.threads)
    control = Control()
    display = Display(as_json=False) if options.sentences else None
    try:
        with (
            Ranks.joined(choose_device(options.device)) as (ranks, device),
            control.obeying_signals(),
        ):
            if options.control and ranks.is_first:
                control.obey_stdin()
            emit = _Heard(control, display) if ranks.is_first else silent
            recipe, pool = load_recipe(options.recipe), _pool(options, ranks, emit)
            if recipe.model.network == DICTIONARIES:
                # Learnt by updates of their own, in one go, by one process.
                if ranks.is_first:
                    _learn_dictionaries(recipe, pool, options.run, emit, control)
                return 0
            trainer = Trainer(
                recipe,
                pool,
                options.run,
                emit,
                RunOptions(
                    device=device,
                    control=control,
                    ranks=ranks,
                    memory=options.memory,
                    tensorboard=options.tensorboard,
                    install=options.install,
                    name_songs=options.name_songs,
                    wall_seconds=options.wall_seconds,
                    began=time.time() if options.began is None else options.began,
                ),
            )
            model = trainer.run()
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    finally:
        if display is not None:
            display.end()
    if model is None:
        if ranks.is_first and display is None:
            print("Stopped. The same command goes on from here.", file=sys.stderr)  # noqa: T201 - the program's message
        # To torchrun a status other than 0 is a failure, after which it may start all again.
        return EXIT_INTERRUPTED if ranks.size == 1 else 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stemdesk train", description="Train a model.")
    parser.add_argument("recipe", type=Path, help="TOML file, see training/recipes")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--pool", type=Path, help="folder of training audio")
    source.add_argument("--songs", type=Path, help="library of songs in stems, made a pool first")
    parser.add_argument("--layout", choices=LAYOUTS, help="of the library (default: found out)")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints and model")
    parser.add_argument(
        "--control", choices=("stdin",), help="obey the lines pause, resume and stop"
    )
    parser.add_argument(
        "--memory", choices=get_args(Memory), help="share of free memory to take (measured)"
    )
    parser.add_argument("--wall-seconds", type=float, help="end after so long, with everything")
    parser.add_argument("--began", type=float, help="when that time began, in seconds since 1970")
    parser.add_argument("--sentences", action="store_true", help="for people: no JSON, but a bar")
    parser.add_argument("--tensorboard", action="store_true", help="write curves for TensorBoard")
    parser.add_argument("--install", action="store_true", help="add the model to the user's own")
    parser.add_argument(
        "--name-songs", action="store_true", help="let the model's card name the songs"
    )
    parser.add_argument(
        "--threads", type=int, help="processor threads (default: all physical cores)"
    )
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    return parser


def _pool(options: argparse.Namespace, ranks: Ranks, emit: Emit) -> Path:
    """The folder of training audio; that of a library is made by the first process."""
    if options.pool is not None:
        return Path(options.pool)
    library = options.songs.resolve()
    name = hashlib.sha256(os.fsencode(library)).hexdigest()[:16]
    pool = cache_dir() / "pools" / name
    if ranks.is_first:
        prepare(
            library,
            options.layout,
            pool,
            lambda done, song: emit(Note(text=f"Reading the songs, {done:.0%} done: {song}")),
        )
    ranks.of_first(b"ready")
    return pool


def _learn_dictionaries(
    recipe: Recipe, pool: Path, folder: Path, emit: Emit, control: Control
) -> None:
    claimed = RunFolder(folder, recipe)
    with claimed.at_work():
        report = Reporter(claimed.log, [emit])
        learn(recipe, pool, folder, report, lambda: control.wish() is Wish.STOP)


class _Heard:
    """Events on standard output; when nobody reads them any more, the run stops.

    Args:
        control: what stops it.
        display: makes sentences of them; without it they are lines of JSON.
    """

    def __init__(self, control: Control, display: Display | None) -> None:
        self._control, self._display, self._is_heard = control, display, True

    def __call__(self, event: Event) -> None:
        if not self._is_heard:
            return
        try:
            if self._display is not None:
                self._display.take(event.line())
                return
            sys.stdout.write(event.line().decode())
            sys.stdout.flush()
        except OSError:
            self._is_heard = False
            self._control.tell(STOP)
            # What is still in the buffer would fail again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
