"""Options of ``stemdesk play`` for Open Sound Control."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from stemdesk.cli.parser import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from stemdesk.app.listening import Listening

HOST = "127.0.0.1"
_MOST_PORT = 65_535


def add_osc_options(group: argparse._ArgumentGroup) -> None:
    """Add them to a group."""
    group.add_argument("--osc", type=place, metavar="[HOST:]PORT",
        help="take faders and transport by OSC; from this computer only, without HOST")  # fmt: skip
    group.add_argument("--osc-to", type=place, action="append", default=[], metavar="[HOST:]PORT",
        help="with --osc, tell levels and transport there; repeatable")  # fmt: skip


def check_osc(options: argparse.Namespace) -> None:
    """Refuse options that would do nothing.

    Raises:
        UsageError: receivers without OSC.
    """
    if options.osc_to and not options.osc:
        raise UsageError("--osc-to tells nothing without --osc", "add --osc PORT")


def osc_pumps(
    options: argparse.Namespace, listening: Listening, stack: ExitStack
) -> list[Callable[[], None]]:
    """What has to be called some twenty times a second, for the OSC that was asked for.

    Args:
        options: of the command.
        listening: the song.
        stack: closes it.

    Raises:
        UserError: it cannot listen there.
    """
    if not options.osc:
        return []
    from stemdesk.control.osc.control import OscControl

    control = OscControl(listening, options.osc, tuple(options.osc_to))
    stack.enter_context(closing(control))
    host, port = control.place
    print(f"OSC is received at {host}:{port}.", file=sys.stderr)
    return [control.pump]


def place(text: str) -> tuple[str, int]:
    """``9000``, ``0.0.0.0:9000`` or ``[::1]:9000`` as host and port."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdecimal() and 1 <= int(port) <= _MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, or HOST:PORT")
    return host.strip("[]") or HOST, int(port)
