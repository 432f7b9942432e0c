"""The command line: one parser, one module per command."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import logging
import os
import platform
import sys
import time
from typing import TYPE_CHECKING

from stemdesk.cli import (
    about,
    cache,
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
    null,
    play,
    plugins,
    remix,
    separate,
    train,
    tune,
)
from stemdesk.cli.parser import EXIT_USAGE, Parser, UsageError
from stemdesk.cli.progress import Stopped
from stemdesk.errors import Cancelled, UserError
from stemdesk.logs import start_logging
from stemdesk.memory_shortage import is_out_of_memory, no_memory
from stemdesk.processes import (
    EXIT_INTERRUPTED,
    INTERRUPTION,
    heed_interrupts,
    require_working_folder,
)
from stemdesk.unfinished_files import sweep_unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    OpenWindow = Callable[[Sequence[Path]], int]

log = logging.getLogger(__name__)
EXIT_REFUSED = 1
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
        *(loudness, effects, plugins, engine, about, cache, train, tune, dataset),
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
    options = argparse.Namespace()
    try:
        heed_interrupts()
        build_parser(open_window).parse_args(arguments or ["app"], options)
        if getattr(options, "verbose", False):
            start_logging("stemdesk", verbose=True)
        require_working_folder()
        sweep_unfinished()
        status = _run_logged(options)
        sys.stdout.flush()
    except BaseException as error:
        refused = _refusal(error)
        if refused is None:
            raise
        return _said(options, *refused)
    return status


def _run_logged(options: argparse.Namespace) -> int:
    started = time.monotonic()
    log.info("%s begins; StemDesk %s, Python %s, %s", options.run.__module__,
        importlib.metadata.version("stemdesk"), platform.python_version(), platform.platform(),
    )  # fmt: skip
    log.debug("arguments: %s", vars(options))
    try:
        status: int = options.run(options)
    except BaseException as error:
        told = "stopped" if isinstance(error, (KeyboardInterrupt, Cancelled)) else "ended by"
        log.info("%s %s", told, type(error).__name__, exc_info=told == "ended by")
        raise
    log.info("ends with status %d after %.1f s", status, time.monotonic() - started)
    return status


def _refusal(error: BaseException) -> tuple[str, int] | None:
    """What to say of an error, and the exit status; None where it is a fault of the program."""
    if isinstance(error, SystemExit):
        return None
    if isinstance(error, (KeyboardInterrupt, Cancelled)) or INTERRUPTION.happened:
        return ("" if isinstance(error, (Stopped, Cancelled)) else "Stopped.", EXIT_INTERRUPTED)
    if isinstance(error, BrokenPipeError):
        return "", EXIT_REFUSED
    if isinstance(error, UserError):
        status = EXIT_USAGE if isinstance(error, UsageError) else EXIT_REFUSED
        return f"stemdesk: {error}", status
    if is_out_of_memory(error):
        return f"stemdesk: {no_memory()}", EXIT_REFUSED
    if isinstance(error, OSError):
        place = f" at {str(error.filename)[:80]}" if error.filename else ""
        reason = f"The system refused an operation{place} ({error.strerror or error})"
        sentence = f"stemdesk: {reason}: check the name, the disk and your permissions."
        return sentence, EXIT_REFUSED
    return None


def _said(options: argparse.Namespace, sentence: str, status: int) -> int:
    """One sentence for the user, and under ``--json`` one line for the program."""
    if sentence:
        print(sentence, file=sys.stderr)
    as_json = getattr(options, "json", False) and status != EXIT_INTERRUPTED and sentence
    told = sentence.removeprefix("stemdesk: ")
    try:
        if as_json:
            print(json.dumps({"event": "error", "error": told}))
        sys.stdout.flush()
    except OSError:
        _forget_stdout()
    if status == EXIT_INTERRUPTED:
        return status
    return max(status, getattr(options, "refused_status", EXIT_REFUSED))


def _forget_stdout() -> None:
    """It takes no more; keep the interpreter from complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
