"""``python -m stemdesk_training.blend_scores RUN --share 0.25 --share 0.5``: between two models.

Scores blends of a tuned model and its base one after the other, each as one JSON object as soon as
it is known: ``{"event": "blended", "share": ..., "scores": {"songs": ..., "reference": ...}}``; the
base model's, which the run has told already, come first, with share 0. Ends with its input.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading

import msgspec

from stemdesk.errors import UserError
from stemdesk.separation.devices import CHOICES, choose_device, set_threads
from stemdesk_training.tuning.blend_model import Blender


def main(arguments: list[str] | None = None) -> int:
    """Print the scores."""
    parser = argparse.ArgumentParser(prog="stemdesk_training.blend_scores")
    parser.add_argument("run", help="folder of a fine-tuning run, or a tuned model")
    parser.add_argument("--share", type=float, action="append", help="of the tuned weights")
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    parser.add_argument("--threads", type=int, help="processor threads")
    options = parser.parse_args(arguments)
    threading.Thread(target=_end_with_input, daemon=True).start()
    set_threads(options.threads)
    try:
        blender = Blender(options.run, choose_device(options.device))
        begun = blender.tuned.begun
        _tell(0.0, msgspec.to_builtins(begun.scores if begun else blender.score(0.0)))
        for share in options.share or ():
            _tell(share, msgspec.to_builtins(blender.score(share)))
    except UserError as error:
        told = {"event": "refused", "problem": error.problem, "remedy": error.remedy}
        print(json.dumps(told), flush=True)  # noqa: T201 - the protocol
        return 1
    return 0


def _tell(share: float, scores: object) -> None:
    told = {"event": "blended", "share": share, "scores": scores}
    print(json.dumps(told), flush=True)  # noqa: T201 - the protocol


def _end_with_input() -> None:
    # Not through sys.stdin: its lock would be held at exit by this thread.
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
