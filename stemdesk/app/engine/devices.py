"""What there is to compute with, asked of a child: torch and a GPU's context stay out of here."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from stemdesk.errors import UserError
from stemdesk.parsing.json_text import read_json

PATIENCE_SECONDS = 120.0


def devices_here() -> list[dict[str, Any]]:
    """`name`, `usable` and `description` of every kind of device, the preferred one first.

    Imports torch into this process.
    """
    from stemdesk.separation.devices import list_devices

    return [
        {"name": each.name, "usable": each.usable, "description": each.description}
        for each in list_devices()
    ]


def devices_from_child() -> list[dict[str, Any]]:
    """The same from another process; takes seconds.

    Raises:
        UserError: it did not come to an answer.
    """
    no_console = 0
    if sys.platform == "win32":
        no_console = subprocess.CREATE_NO_WINDOW
    try:
        done = subprocess.run(
            [*_program(), "engine", "--devices"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=PATIENCE_SECONDS,
            process_group=0,
            creationflags=no_console,
        )
        devices: list[dict[str, Any]] = read_json(done.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        raise UserError(
            f"The devices cannot be listed ({error})", "see 'stemdesk devices'"
        ) from error
    return devices


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "stemdesk"]
