"""A request of a script in a host, worked on beside it: reads one file, keeps another up to date.

The host polls :data:`~stemdesk_plugins.request.STATUS_NAME`, which is always whole; its `beat`
counts on for as long as somebody works, so that a script can tell a long job from a dead one.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stemdesk.errors import Cancelled, UserError
from stemdesk_plugins.channels import one_file
from stemdesk_plugins.request import (
    CANCEL_NAME,
    STATUS_NAME,
    Request,
    lines_text,
    read_request,
)
from stemdesk_plugins.separation import Passage, SeparatedStem, separate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEAT_SECONDS = 0.25
_REPLACE_TRIES = 50


class Status:
    """What a host sees: state, progress, and at the end the stems or the reason."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATUS_NAME
        self._lock = threading.Lock()
        self._beat, self._fraction, self._stage = 0, 0.0, ""

    def report(self, fraction: float, stage: str) -> None:
        """Take progress; :meth:`beat` writes it."""
        self._fraction, self._stage = fraction, stage

    def beat(self) -> None:
        """Write progress, and that there is still somebody."""
        self._beat += 1
        self._write(
            [
                ("state", "running"),
                ("beat", str(self._beat)),
                ("fraction", f"{self._fraction:.4f}"),
                ("stage", self._stage),
            ]
        )

    def done(self, stems: list[SeparatedStem]) -> None:
        """The stems are on disk."""
        told = [("stem", each.name, f"{each.colour:06X}", str(each.path)) for each in stems]
        self._write([("state", "done"), *told])

    def failed(self, sentence: str) -> None:
        """They will not come."""
        self._write([("state", "failed"), ("error", sentence)])

    def cancelled(self) -> None:
        """The user gave up."""
        self._write([("state", "cancelled")])

    def _write(self, lines: list[tuple[str, ...]]) -> None:
        partial = self._path.with_suffix(".partial")
        with self._lock:
            partial.write_bytes(lines_text(lines))
            for left in reversed(range(_REPLACE_TRIES)):
                try:
                    partial.replace(self._path)
                except PermissionError:
                    # Windows refuses while the host has the file open, which is a moment.
                    if not left:
                        raise
                    time.sleep(0.01)
                else:
                    return


def run_job(folder: Path) -> bool:
    """Do what the request in a folder asks for; True if the stems are there.

    Raises:
        OSError: The folder cannot be written to, so that nobody can be told anything.
    """
    status = Status(folder)
    try:
        request = read_request(folder)
        with _watching(folder, status) as stop:
            stems = _separated(request, folder, status, stop)
    except Cancelled:
        status.cancelled()
        return False
    except UserError as error:
        status.failed(str(error))
        return False
    except BaseException as error:
        # The host would wait for ever; whoever started the program sees the traceback.
        status.failed(f"StemDesk failed ({type(error).__name__}: {error}).")
        raise
    status.done(stems)
    return True


def _separated(
    request: Request, folder: Path, status: Status, stop: threading.Event
) -> list[SeparatedStem]:
    passage = Passage(
        request.inputs[0],
        request.output,
        request.start_seconds,
        request.duration_seconds,
        request.model,
    )
    if len(request.inputs) == 1:
        return separate(passage, status.report, stop)
    with one_file(request, folder) as whole:
        passage = Passage(whole, request.output, model=request.model)
        return separate(passage, status.report, stop)


@contextmanager
def _watching(folder: Path, status: Status) -> Iterator[threading.Event]:
    """While in the block: beats, and an event that is set when the host asks for a stop."""
    stop, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(BEAT_SECONDS):
            if (folder / CANCEL_NAME).exists():
                stop.set()
            status.beat()

    status.beat()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield stop
    finally:
        over.set()
        watcher.join()
