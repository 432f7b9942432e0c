"""``python -m stemdesk_training.tuning``: what ``stemdesk tune`` runs.

SONGS --model ID        tune a model on a folder of songs in stems
TUNED --blend SHARE     make a model between a tuned one, or a run, and its base
RUN --blind             write the newest renderings of a run as files to compare blind
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.logs import start_logging
from stemdesk.processes import heed_interrupts
from stemdesk.separation.catalogue import DEFAULT_MODEL
from stemdesk.separation.devices import CHOICES, choose_device, set_threads
from stemdesk_training.datasets.library import LAYOUTS
from stemdesk_training.tuning.blend_model import Blender
from stemdesk_training.tuning.blind_files import TRIALS, answer, write_trials
from stemdesk_training.tuning.program import tune
from stemdesk_training.tuning.table import as_table
from stemdesk_training.tuning_settings import Tuning

if TYPE_CHECKING:
    from stemdesk_training.tuning.blind import Kind

POLICIES = ("auto", "all_but_heads", "lower_half", "nothing")
_USUAL = Tuning(base="")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; returns the exit status."""
    heed_interrupts()
    options = _parser().parse_args(arguments)
    if options.verbose:
        start_logging("stemdesk_training.tuning", verbose=True)
    set_threads(options.threads)
    try:
        if options.blend is not None:
            return _blend(options)
        if options.blind or options.answers is not None:
            return _blind(options)
        return tune(options)
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stemdesk tune", description="Fine-tune a model on your own songs in stems."
    )
    parser.add_argument("songs", help="a folder of songs in stems; a model or run for what follows")
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="ID|DIR", help="the base model")
    parser.add_argument("--name", help="title of the new model")
    parser.add_argument("--run", metavar="DIR", help="folder of the run; goes on where it stopped")
    parser.add_argument("--layout", choices=LAYOUTS, help="of the songs (default: found out)")
    parser.add_argument("--minutes", type=_above_0, help="how long it all takes")
    parser.add_argument("--steps", type=_count, help="how many steps to train")
    parser.add_argument("--freeze", choices=POLICIES, default=_USUAL.freeze, help="what stays")
    parser.add_argument("--l2-sp", type=_not_below_0, default=_USUAL.l2_sp, metavar="WEIGHT",
        help="how strongly weights are drawn back to the base")  # fmt: skip
    parser.add_argument("--replay", type=_share, default=_USUAL.replay, metavar="SHARE",
        help="share of base material among what is learnt from")  # fmt: skip
    parser.add_argument("--reference", metavar="DIR",
        help="made by stemdesk_training.tuning.pack (default: the shipped one)")  # fmt: skip
    parser.add_argument("--guard-db", type=_not_below_0, default=_USUAL.guard_db, metavar="DB",
        help="how far the score on the reference set may fall")  # fmt: skip
    parser.add_argument("--save-anyway", action="store_true", help="even if it falls further")
    parser.add_argument("--name-songs", action="store_true", help="name the songs in the card")
    parser.add_argument("--listen", metavar="SONG", help="render it at every validation")
    parser.add_argument("--listen-seconds", type=_not_below_0, default=_USUAL.listen_seconds,
        metavar="SECONDS", help="how much of it, its loudest stretch; 0 for all")  # fmt: skip
    parser.add_argument("--blend", type=_share, metavar="SHARE", help="of the tuned weights")
    parser.add_argument("--measure", action="store_true", help="with --blend: make no model")
    parser.add_argument("--blind", action="store_true", help="write files to compare blind")
    parser.add_argument("--abx", action="store_true", help="with --blind: which one is X?")
    parser.add_argument("--trials", type=_count, default=TRIALS, help="with --blind: how many")
    parser.add_argument("--answers", metavar="LETTERS", help="to the trials: A, B or = for each")
    parser.add_argument("--device", choices=CHOICES, default="auto", help="where to compute")
    parser.add_argument("--threads", type=_count, help="processor threads")
    parser.add_argument("--control", choices=("stdin",), help="pause, resume or stop, a line each")
    parser.add_argument("--json", action="store_true", help="print events as JSON lines")
    parser.add_argument("--verbose", action="store_true", help="log in detail, and show it")
    return parser


def _blend(options: argparse.Namespace) -> int:
    blender = Blender(options.songs, choose_device(options.device))
    base, found = blender.score(0.0), blender.score(options.blend)
    folder = None if options.measure else blender.save(options.blend, options.name, base, found)
    if options.json:
        told = {
            "event": "blended",
            "share": options.blend,
            "model": None if folder is None else str(folder),
            "baseline": msgspec.to_builtins(base),
            "scores": msgspec.to_builtins(found),
        }
        _say(json.dumps(told))
        return 0
    _say(as_table((blender.base_card.id, f"{options.blend:.0%} tuned"), base, found))
    if folder is not None:
        _say(f"The model {folder.name} is among your models now ({folder}).")
    return 0


def _blind(options: argparse.Namespace) -> int:
    run = Path(options.songs)
    if options.answers is None:
        kind: Kind = "abx" if options.abx else "preference"
        folder = write_trials(run, options.trials, kind, secrets.randbits(63))
        asked = "which of A and B X is" if options.abx else "which of A and B is better"
        _say(
            f"{options.trials} trials are in {folder}. Say {asked}, one letter each, = for neither:"
        )
        _say(f'  stemdesk tune "{options.songs}" --answers {"A" * min(3, options.trials)}...')
        return 0
    result = answer(run, options.answers)
    told = {"event": "result", **msgspec.to_builtins(result)}
    _say(json.dumps(told) if options.json else result.sentence())
    return 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the program's answer


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error


def _share(text: str) -> float:
    value = _number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 0 and 1")
    return value


def _not_below_0(text: str) -> float:
    value = _number(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is below 0, or endless")
    return value


def _above_0(text: str) -> float:
    value = _not_below_0(text)
    if not value:
        raise argparse.ArgumentTypeError("it must be above 0")
    return value


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
