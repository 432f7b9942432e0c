"""``python -m stemdesk_training.real_music COMMAND``: real music to train on and to score with."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stemdesk.errors import UserError
from stemdesk_training.real_music.fetching import fetch, is_disk_full
from stemdesk_training.real_music.packages import packages, tracks

EXIT_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the program's message
        return 1
    except KeyboardInterrupt:
        print("Stopped. Run the same command to resume.", file=sys.stderr)  # noqa: T201 - the program's message
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stemdesk_training.real_music",
        description="Real music to train on and to score with.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_fetch(commands)
    return parser


def _add_fetch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("fetch", help="download the music from Debian's packages")
    parser.add_argument("out", type=Path, metavar="OUT", help="gets a folder per package")
    parser.add_argument(
        "package", nargs="*", metavar="PACKAGE", help="only these (default: all, about 5 GB)"
    )
    parser.add_argument(
        "--held-out", action="store_true", help="only what is kept for scoring, never trained on"
    )
    parser.set_defaults(run=_fetch)


def _fetch(options: argparse.Namespace) -> int:
    """Fetch package after package; what cannot be had is told, and the others still come."""
    known = [each for each in packages() if not options.held_out or each in _held_out()]
    if unknown := [each for each in options.package if each not in known]:
        raise UserError(
            f"{unknown[0]} is not among the packages of music", f"choose from {', '.join(known)}"
        )
    wanted = options.package or known
    failed = 0
    for place, package in enumerate(wanted, 1):
        try:
            said = "fetched" if fetch(package, options.out) else "there already"
        except UserError as error:
            if is_disk_full(error):
                raise
            print(error, file=sys.stderr)  # noqa: T201 - the program's message
            failed += 1
        else:
            print(f"{place}/{len(wanted)} {package}: {said}", flush=True)  # noqa: T201 - its answer
    return 1 if failed else 0


def _held_out() -> set[str]:
    return {track.package for track in tracks() if track.held_out}


if __name__ == "__main__":
    sys.exit(main())
