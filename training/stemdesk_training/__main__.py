"""``python -m stemdesk_training RECIPE --pool POOL --run RUN``: train, one JSON event a line."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

import torch

from stemdesk.errors import UserError
from stemdesk.separation.devices import CHOICES, choose_device
from stemdesk_training.recipe import load_recipe
from stemdesk_training.trainer import Trainer

EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells expect


def main(arguments: list[str] | None = None) -> int:
    """Run a recipe; the exit status tells whether the model was finished."""
    parser = argparse.ArgumentParser(prog="stemdesk train", description="Train a model.")
    parser.add_argument("recipe", type=Path, help="TOML file, see training/recipes")
    parser.add_argument("--pool", type=Path, required=True, help="folder of training audio")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints and model")
    parser.add_argument("--threads", type=int, help="processor threads (default: torch's own)")
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        trainer = Trainer(
            load_recipe(options.recipe),
            options.pool,
            options.run,
            lambda event: print(json.dumps(event), flush=True),  # noqa: T201 - the protocol
            choose_device(options.device),
        )
        signal.signal(signal.SIGINT, lambda *_: trainer.stop())
        model = trainer.run()
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    if model is None:
        print("Stopped. The same command goes on from here.", file=sys.stderr)  # noqa: T201 - the program's message
        return EXIT_INTERRUPTED
    print(json.dumps({"model": str(model)}), flush=True)  # noqa: T201 - the protocol
    return 0


if __name__ == "__main__":
    sys.exit(main())
