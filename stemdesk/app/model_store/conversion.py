"""Weights of others become a model folder, by a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from stemdesk.app.model_store.conversion_program import conversion_command
from stemdesk.app.training.child import environment
from stemdesk.errors import UserError
from stemdesk.mixing.plugins.starter import STARTER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_SECONDS = 300.0
_POLL_SECONDS = 0.1


def convert(folder: Path, sources: list[Path], report: Callable[[float, str], None]) -> None:
    """Write the weights beside the card that lies in ``folder``.

    Args:
        folder: of the model.
        sources: files with weights.
        report: called while it goes on; may raise to stop.

    Raises:
        UserError: the files are refused.
    """
    command = conversion_command(folder, sources)
    try:
        process = STARTER.start(lambda: _started(command))
    except OSError as error:
        raise UserError(
            f"The conversion cannot be started ({error.strerror or error})",
            "close other programs and try again",
        ) from error
    name = sources[0].name
    try:
        told = _watched(process, name, report)
        answer = json.loads(told.splitlines()[-1]) if process.returncode == 0 else None
    except (IndexError, ValueError):
        answer = None
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if not isinstance(answer, dict):
        raise UserError(
            f"{name} cannot be converted, as happens where memory runs out",
            "close other programs, or choose the file that its authors published",
        )
    if answer:
        raise UserError(answer["problem"], answer["remedy"])


def _watched(
    process: subprocess.Popen[bytes], name: str, report: Callable[[float, str], None]
) -> bytes:
    """What it prints until it ends."""
    begun = time.monotonic()
    while True:
        report(1.0, "converting")
        try:
            return process.communicate(timeout=_POLL_SECONDS)[0]
        except subprocess.TimeoutExpired:
            if time.monotonic() - begun > MOST_SECONDS:
                raise UserError(
                    f"{name} takes longer to convert than weights do",
                    "choose the file that its authors published",
                ) from None


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    no_console = 0
    if sys.platform == "win32":
        no_console = subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        process_group=0,  # Ctrl-C in the terminal is for the app alone
        creationflags=no_console,
    )
