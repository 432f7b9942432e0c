"""The command line: one parser, one module per command."""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
from typing import TYPE_CHECKING

from stemdesk.cli import (
    about,
    completion,
    dataset,
    dawproject,
    desktop,
    effects,
    engine,
    evaluate,
    export,
    live,
    loudness,
    midi,
    models,
    null,
    play,
    plugins,
    remix,
    separate,
    train,
    tune,
)
from stemdesk.cli.parser import EXIT_USAGE, Parser, UsageError
from stemdesk.errors import Cancelled, UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

    OpenWindow = Callable[[Sequence[Path]], int]

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells expect
EPILOG = """\
stemdesk alone opens the window; stemdesk COMMAND --help explains a command.

exit status:
  0    done
  1    refused: the last line says why
  2    the command line was not understood
  130  stopped
'separate' and 'null' know more of them; see their help.
"""


def _no_window(_paths: Sequence[Path]) -> int:
    raise UserError("This program has no window", "start stemdesk itself")


def build_parser(open_window: OpenWindow = _no_window) -> argparse.ArgumentParser:
    """The whole command line; every command sets ``run`` to a function of its options."""
    parser = Parser(
        prog="stemdesk",
        description="Takes a finished mix apart into stems, and proves that they sum to it.",
        epilog=EPILOG,
    )
    version = importlib.metadata.version("stemdesk")
    parser.add_argument("--version", action="version", version=f"stemdesk {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    parser.set_defaults(whole=parser)
    desktop.add_to(commands, open_window)
    for module in (
        *(separate, remix, export, dawproject, play, live, midi, null),
        *(loudness, effects, plugins, engine, about, models, train, tune, dataset),
        *(evaluate, completion),
    ):
        module.add_to(commands)
    return parser


def run(arguments: Sequence[str], open_window: OpenWindow = _no_window) -> int:
    """Run one command; returns the exit status.

    Args:
        arguments: without the program's name; none opens the window.
        open_window: opens it with songs or a project, and returns when it is closed.
    """
    for stream in (sys.stdout, sys.stderr):
        # A file name that is not valid Unicode must not end the program that reports it.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = build_parser(open_window).parse_args(arguments or ["app"])
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except UsageError as error:
        return _refused(options, str(error), EXIT_USAGE)
    except UserError as error:
        return _refused(options, str(error))
    except (KeyboardInterrupt, Cancelled):
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        _forget_stdout()
        return EXIT_REFUSED
    except OSError as error:
        place = f" at {str(error.filename)[:80]}" if error.filename else ""
        reason = f"The system refused an operation{place} ({error.strerror or error})"
        return _refused(options, f"{reason}: check the name, the disk and your permissions.")
    return status


def _refused(options: argparse.Namespace, sentence: str, status: int = EXIT_REFUSED) -> int:
    """One sentence for the user, and under ``--json`` one line for the program."""
    print(f"stemdesk: {sentence}", file=sys.stderr)
    if getattr(options, "json", False):
        try:
            print(json.dumps({"event": "error", "error": sentence}), flush=True)
        except BrokenPipeError:
            _forget_stdout()
    return max(status, getattr(options, "refused_status", EXIT_REFUSED))


def _forget_stdout() -> None:
    """Its reader has gone; keep the interpreter from complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
