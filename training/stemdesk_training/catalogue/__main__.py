"""``python -m stemdesk_training.catalogue MIXES INSTRUMENTALS -o OUT``: a catalogue of triplets."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import get_args

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.processes import heed_interrupts
from stemdesk.separation.devices import set_threads
from stemdesk_training.catalogue.builder import build_catalogue
from stemdesk_training.catalogue.report import as_text, page
from stemdesk_training.catalogue.settings import Accompaniment, Levels, Settings
from stemdesk_training.shown_progress import shown_progress

EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Build; exit status 0 whatever came of the pairs."""
    heed_interrupts()
    options = _parser().parse_args(arguments)
    try:
        settings = Settings(
            excerpts=0 if options.whole else options.excerpts,
            margin_seconds=options.margin,
            levels=options.levels,
            accompaniment=options.accompaniment,
        )
        set_threads(options.threads)
        with shown_progress() as report:
            ledger = build_catalogue(
                options.mixes, options.instrumentals, options.output, settings, report
            )
        if options.report is not None:
            write_text_atomic(options.report, page(options.output.resolve().name, ledger))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)  # noqa: T201 - the program's message
        return EXIT_INTERRUPTED
    answer = json.dumps(msgspec.to_builtins(ledger), indent=2, ensure_ascii=False)
    print(answer if options.json else as_text(ledger))  # noqa: T201 - its answer
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stemdesk dataset catalogue",
        description="Make training songs of mixes and their instrumentals.",
    )
    parser.add_argument("mixes", type=Path, help="folder of finished songs; only read")
    parser.add_argument("instrumentals", type=Path, help="folder of instrumentals; only read")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR",
        help="folder for the songs; goes on with what is there")  # fmt: skip
    parser.add_argument("--excerpts", type=_count, default=1, metavar="N",
        help="most from each song, of 11.88 s (default: 1)")  # fmt: skip
    parser.add_argument("--whole", action="store_true", help="whole songs in place of excerpts")
    parser.add_argument("--margin", type=_seconds, default=20.0, metavar="SECONDS",
        help="take nothing from either end (default: 20)")  # fmt: skip
    parser.add_argument("--levels", choices=get_args(Levels), default="fit",
        help="match levels by least squares, or make both as loud (default: fit)")  # fmt: skip
    parser.add_argument("--accompaniment", choices=get_args(Accompaniment), default="recording",
        help="the instrumental, or what is left of the mix (default: recording)")  # fmt: skip
    parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML page")
    parser.add_argument("--json", action="store_true", help="print the ledger as JSON")
    parser.add_argument("--threads", type=_count, help="processor threads")
    return parser


def _count(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 1024):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1024")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 300.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 300")
    return value


if __name__ == "__main__":
    sys.exit(main())
