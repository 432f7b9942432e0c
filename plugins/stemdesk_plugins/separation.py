"""A passage of a file, separated by the command line in a process of its own."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.errors import Cancelled, UserError
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json
from stemdesk_plugins.colours import colour_of
from stemdesk_plugins.sources import stemdesk_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BROKEN = 3
"""The exit status of files that should null and do not."""
_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class Passage:
    """What to separate, and where to.

    Attributes:
        source: the sound file.
        output: a folder, which is made, for one file a stem.
        start_seconds: where to begin, rounded to a frame.
        duration_seconds: how much; None is all the rest.
        model: id or folder; empty is the default.
    """

    source: Path
    output: Path
    start_seconds: float = 0.0
    duration_seconds: float | None = None
    model: str = ""

    def arguments(self) -> list[str]:
        """Those of `stemdesk`."""
        told = ["separate", "--json", "--overwrite", "rename", "--name", "{stem}"]
        told += ["--output", str(self.output)]
        if self.start_seconds > 0.0:
            told += ["--start", f"{self.start_seconds:.9f}"]
        if self.duration_seconds is not None:
            told += ["--duration", f"{self.duration_seconds:.9f}"]
        if self.model:
            told += ["--model", self.model]
        return [*told, str(self.source.absolute())]


@dataclass(frozen=True)
class SeparatedStem:
    """One stem on disk, and how a host should show it (`colour` as 0xRRGGBB)."""

    name: str
    path: Path
    colour: int


def separate(
    passage: Passage,
    report: Callable[[float, str], None],
    stop: threading.Event | None = None,
) -> list[SeparatedStem]:
    """Separate; returns when the stems are on disk.

    Args:
        passage: what, and where to.
        report: told the fraction from 0 to 1 and the stage.
        stop: set, from another thread, to give up.

    Raises:
        UserError: with the program's own sentence, or that it ended without one.
        Cancelled: `stop` was set, or `report` raised it.
    """
    stop = stop or threading.Event()
    with tempfile.TemporaryFile() as complaints:
        with _running([*stemdesk_command(), *passage.arguments()], complaints, stop) as program:
            assert program.stdout is not None
            stems: list[SeparatedStem] | None = None
            for line in program.stdout:
                stems = _take(_event(line), report) or stems
            status = program.wait()
        if stop.is_set():
            raise Cancelled
        if stems is None or status not in (0, BROKEN):
            complaints.seek(0)
            raise _crash(status, complaints.read().decode("utf-8", "replace"))
    return stems


def _event(line: bytes) -> dict[str, Any]:
    """A line of the program; empty for one that is no event, as libraries print them."""
    try:
        event = read_json(line, names=True, infinite=True)
    except Unreadable:
        return {}
    return event if isinstance(event, dict) else {}


@contextmanager
def _running(
    command: list[str], complaints: Any, stop: threading.Event
) -> Iterator[subprocess.Popen[bytes]]:
    """The program, ended when `stop` is set or the block is left early."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
    ) as program:
        over = threading.Event()
        guard = threading.Thread(target=_end_when, args=(program, stop, over), daemon=True)
        guard.start()
        try:
            yield program
        except BaseException:
            _end(program)
            raise
        finally:
            over.set()
            guard.join()


def _end_when(
    program: subprocess.Popen[bytes], stop: threading.Event, over: threading.Event
) -> None:
    while not over.wait(0.05):
        if stop.is_set():
            _end(program)
            return


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()


def _take(
    event: dict[str, Any], report: Callable[[float, str], None]
) -> list[SeparatedStem] | None:
    """What one line of `--json` says: progress, the stems, or a refusal.

    Raises:
        UserError: the refusal.
    """
    if event.get("event") == "progress":
        report(event["fraction"], event["stage"])
    elif event.get("event") == "error":
        problem, _, remedy = event["error"].rstrip(".").rpartition(": ")
        raise UserError(problem or "StemDesk refused", remedy)
    elif event.get("event") == "result":
        return [
            SeparatedStem(name, Path(path), colour_of(name, index))
            for index, (name, path) in enumerate(event["stems"].items())
        ]
    return None


def _crash(status: int, complaints: str) -> UserError:
    last = next((line for line in reversed(complaints.splitlines()) if line.strip()), "")
    why = f" ({last.strip()[:200]})" if last else ""
    return UserError(
        f"StemDesk ended with status {status} before the stems were done{why}",
        "try `stemdesk separate` on the file in a terminal",
    )
