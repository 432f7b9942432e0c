"""``stemdesk app``: opens the window, or says what it lacks here."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.cli.parser import FILES
from stemdesk.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    OpenWindow = Callable[[Sequence[Path]], int]

# What Qt's xcb platform needs beyond every desktop's own, with Debian's names of the packages.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def add_to(commands: argparse._SubParsersAction[Any], open_window: OpenWindow) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "app",
        help="open the window (as stemdesk alone does)",
        description="Open the window, with songs or a project where they are named.",
    )
    paths = parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="songs, folders of songs or a project"
    )
    paths.complete = FILES
    parser.set_defaults(run=lambda options: run(options.paths, open_window))


def run(paths: Sequence[Path], open_window: OpenWindow) -> int:
    """Open the window and stay until it is closed.

    Raises:
        UserError: there is no screen, or Qt or a library it needs is not installed.
    """
    if sys.platform.startswith("linux"):
        _check_linux()
    try:
        return open_window(paths)
    except ImportError as error:
        if not (error.name or "").startswith(("PySide6", "shiboken6")):
            missing = str(error).split(":")[0]
            if missing not in LIBRARIES:
                raise
            raise _lacking([LIBRARIES[missing]]) from error
        raise UserError(
            "The window needs Qt, which is not installed", "pip install PySide6-Essentials"
        ) from error


def _check_linux() -> None:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    has_screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not (platform or has_screen):
        raise UserError(
            "There is no screen to open a window on",
            "start it from a desktop, or use a command: stemdesk --help lists them",
        )
    wanted = dict(LIBRARIES)
    if platform.startswith("xcb") or not (platform or os.environ.get("WAYLAND_DISPLAY")):
        wanted |= XCB_LIBRARIES
    missing = [package for library, package in wanted.items() if not _loads(library)]
    if missing:
        raise _lacking(missing)


def _lacking(packages: Sequence[str]) -> UserError:
    return UserError(
        f"The window needs libraries that are not installed ({', '.join(packages)})",
        f"on Debian and Ubuntu: sudo apt install {' '.join(packages)}",
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
