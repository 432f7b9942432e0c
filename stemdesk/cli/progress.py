"""Work in a thread, its progress on the terminal or as JSON lines, and a prompt stop on Ctrl-C."""

from __future__ import annotations

import os
import queue
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from stemdesk.cli.displays import Bar, Display, JsonLines, Lines, Subject
from stemdesk.errors import Cancelled
from stemdesk.jobs.job import Job, JobState
from stemdesk.processes import EXIT_INTERRUPTED

POLL_SECONDS = 0.1
# A chunk that is in the network cannot be interrupted. Everything on disk is safe at any moment,
# so after this the program ends without waiting for it.
STOP_SECONDS = 0.4

Report = Callable[[float, str], None]


class Stopped(KeyboardInterrupt):
    """Ctrl-C, of which the user was told already."""


class Progress:
    """Runs work in a thread and shows how far it is.

    The terminal belongs to the main thread: what the work has to print or ask goes through
    :meth:`in_front`, so that lines and questions never mix with the bar.

    Args:
        display: shows the progress.
        stopped: said after Ctrl-C.
    """

    def __init__(self, display: Display, stopped: str) -> None:
        self._display, self._stopped = display, stopped
        self._requests: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = (
            queue.SimpleQueue()
        )

    def run(self, work: Callable[[Report], Any]) -> Any:
        """The result of ``work``; what it raises is raised here.

        Ctrl-C (or SIGTERM) cancels the work and ends the program within a second.
        """

        def whole(report: Report) -> Any:
            try:
                return work(report)
            finally:
                self._requests.put(None)

        job = Job(whole)
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            job.start()
            self._serve(job)
        except KeyboardInterrupt as error:
            self._stop(job)
            raise Stopped from error
        except BaseException:
            # The reader of our output has gone, for one; let the work tidy up if it can.
            job.cancel()
            job.wait(STOP_SECONDS)
            raise
        finally:
            self._display.hide()
            for number, handler in before.items():
                signal.signal(number, handler)
        if job.error is not None:
            raise job.error
        if job.state is JobState.CANCELLED:
            raise Cancelled
        return job.result

    def in_front(self, action: Callable[[], Any]) -> Any:
        """Called by the work: run ``action`` in the main thread, the display being hidden."""
        future: Future[Any] = Future()
        self._requests.put((future, action))
        return future.result()

    def _serve(self, job: Job) -> None:
        """Show progress and do what the work asks for, until it has ended."""
        while True:
            try:
                request = self._requests.get(timeout=POLL_SECONDS)
            except queue.Empty:
                self._display.show(job.fraction, job.stage, job.seconds_left)
                continue
            if request is None:
                job.wait()
                return
            future, action = request
            self._display.hide()
            try:
                future.set_result(action())
            except BaseException:
                future.set_exception(Cancelled())
                raise

    def _stop(self, job: Job) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        job.cancel()
        self._display.hide()
        print(self._stopped, file=sys.stderr, flush=True)
        if not job.wait(STOP_SECONDS):
            sys.stdout.flush()
            os._exit(EXIT_INTERRUPTED)


@contextmanager
def run_with_progress(
    *, as_json: bool, stopped: str = "Stopped.", subject: Subject = dict
) -> Iterator[Progress]:
    """A :class:`Progress` for this terminal: JSON lines, a bar, or plain lines in a pipe.

    Args:
        as_json: print JSON lines.
        stopped: said after Ctrl-C.
        subject: what is being worked on; see :class:`stemdesk.cli.displays.Display`.
    """
    if as_json:
        yield Progress(JsonLines(subject), stopped)
    elif sys.stderr.isatty():
        yield Progress(Bar(subject), stopped)
    else:
        yield Progress(Lines(subject), stopped)
