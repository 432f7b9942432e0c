"""``python -m stemdesk_training RECIPE --pool POOL --run RUN``: train, one JSON event a line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from stemdesk.errors import UserError
from stemdesk_training.recipe import load_recipe
from stemdesk_training.trainer import Trainer


def main(arguments: list[str] | None = None) -> int:
    """Run a recipe; the exit status tells whether the model was finished."""
    parser = argparse.ArgumentParser(prog="stemdesk train", description="Train a model.")
    parser.add_argument("recipe", type=Path, help="TOML file, see training/recipes")
    parser.add_argument("--pool", type=Path, required=True, help="folder of training audio")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints and model")
    parser.add_argument("--threads", type=int, help="processor threads (default: torch's own)")
    options = parser.parse_args(arguments)
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        trainer = Trainer(
            load_recipe(options.recipe),
            options.pool,
            options.run,
            lambda event: print(json.dumps(event), flush=True),  # noqa: T201 - the protocol
        )
        model = trainer.run()
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from the last checkpoint.", file=sys.stderr)  # noqa: T201
        return 130
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    print(json.dumps({"model": str(model)}), flush=True)  # noqa: T201 - the protocol
    return 0


if __name__ == "__main__":
    sys.exit(main())
