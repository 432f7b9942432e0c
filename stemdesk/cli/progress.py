"""Progress on a terminal or as JSON lines, and a prompt stop on Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError
from stemdesk.jobs.job import Job, JobState

if TYPE_CHECKING:
    from pathlib import Path

POLL_SECONDS = 0.1
# A chunk that is in the network cannot be interrupted. Everything on disk is safe at any moment,
# so after this the program ends without waiting for it.
STOP_SECONDS = 0.6
EXIT_INTERRUPTED = 130

Report = Callable[[float, str], None]


class Progress:
    """Runs work in a thread and shows how far it is.

    Args:
        show: called about ten times a second with fraction, stage and seconds left.
        hide: called before anything else is printed or asked.
    """

    def __init__(
        self, show: Callable[[float, str, float | None], None], hide: Callable[[], None]
    ) -> None:
        self._show, self._hide = show, hide

    def run(self, work: Callable[[Report], Any]) -> Any:
        """The result of ``work``; what it raises is raised here.

        Ctrl-C (or SIGTERM) cancels the work and ends the program within a second.
        """
        job = Job(work)
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            job.start()
            while not job.wait(POLL_SECONDS):
                self._show(job.fraction, job.stage, job.seconds_left)
        except KeyboardInterrupt:
            self._stop(job)
        finally:
            signal.signal(signal.SIGTERM, previous)
        if job.error is not None:
            raise job.error
        if job.state is JobState.CANCELLED:
            raise KeyboardInterrupt
        self._show(1.0, "done", 0.0)
        return job.result

    def ask(self, path: Path) -> bool:
        """Whether an existing file may be replaced; refuses where nobody can be asked."""
        if not sys.stdin.isatty():
            raise UserError(
                f"The file {path} exists already", "use --overwrite skip, rename or yes"
            )
        self._hide()
        answer = input(f"{path} exists. Replace it? [y/N] ")
        return answer.strip().lower() in ("y", "yes")

    def _stop(self, job: Job) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        job.cancel()
        self._hide()
        print("Stopped. The same command goes on from here.", file=sys.stderr, flush=True)
        if not job.wait(STOP_SECONDS):
            sys.stdout.flush()
            os._exit(EXIT_INTERRUPTED)


@contextmanager
def run_with_progress(*, as_json: bool) -> Iterator[Progress]:
    """A :class:`Progress` for this terminal: JSON lines, a bar, or nothing in a pipe."""
    if as_json:
        yield Progress(_JsonLines().show, lambda: None)
        return
    if not sys.stderr.isatty():
        yield Progress(lambda *_: None, lambda: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}"),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=True,
        redirect_stderr=True,
    )
    task = bar.add_task("loading", total=1.0, left="")
    lock = threading.Lock()

    def show(fraction: float, stage: str, seconds_left: float | None) -> None:
        with lock:
            bar.update(task, completed=fraction, description=stage, left=_clock(seconds_left))

    with bar:
        yield Progress(show, bar.stop)


class _JsonLines:
    """Progress as JSON, at most one line for each tenth of a percent."""

    def __init__(self) -> None:
        self._last: tuple[int, str] | None = None

    def show(self, fraction: float, stage: str, seconds_left: float | None) -> None:
        state = (int(fraction * 1000), stage)
        if state == self._last:
            return
        self._last = state
        left = None if seconds_left is None else round(seconds_left, 1)
        event = {"event": "progress", "fraction": round(fraction, 4), "stage": stage}
        print(json.dumps({**event, "seconds_left": left}), flush=True)


def _clock(seconds_left: float | None) -> str:
    if seconds_left is None:
        return ""
    minutes, seconds = divmod(round(seconds_left), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes}:{seconds:02} left"
