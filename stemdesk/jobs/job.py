"""Background work with progress, a time left, a pause and a stop; no Qt, no torch."""

from __future__ import annotations

import threading
from enum import Enum
from typing import TYPE_CHECKING, Any

from stemdesk.errors import Cancelled, UserError
from stemdesk.jobs.time_left import StopWatch, TimeLeft
from stemdesk.memory_shortage import is_out_of_memory, no_memory

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Job", "JobState", "Leap", "TimeLeft", "is_any_unfinished"]

THREAD_NAME = "stemdesk-job"


class Leap(str):
    """A stage, reported with progress nobody worked for: skipped, failed, or done before.

    It moves the fraction on like any other report, but says nothing about the pace.
    """

    __slots__ = ()


def is_any_unfinished() -> bool:
    """Whether a job's thread still runs: the interpreter must not be taken down around it."""
    return any(thread.name == THREAD_NAME for thread in threading.enumerate())


class JobState(Enum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job:
    """One piece of work in a thread of its own; satisfies `jobs.queue.Work`.

    Args:
        work: called with this job's :meth:`report`; its return value becomes ``result``.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done, one or two words.
        speed: how many times faster than the song plays; None where that means nothing.
        notes: what the user should know, one sentence each.
        result: what ``work`` returned, once done.
        error: what it raised, once failed.
    """

    def __init__(self, work: Callable[[Callable[[float, str], None]], Any]) -> None:
        self._work = work
        self._cancel = threading.Event()
        self._go_on = threading.Event()
        self._go_on.set()
        self._finished = threading.Event()
        self._watch = StopWatch()
        self._estimate = TimeLeft(self._watch)
        self._state = JobState.QUEUED
        self.fraction, self.stage = 0.0, ""
        self.speed: float | None = None
        self.notes: list[str] = []
        self.result: Any = None
        self.error: BaseException | None = None

    @property
    def state(self) -> JobState:
        """See :class:`JobState`; paused as soon as that is asked for."""
        if self._state is JobState.RUNNING and not self._go_on.is_set():
            return JobState.PAUSED
        return self._state

    def start(self) -> None:
        """Run in a daemon thread, so that a stuck job cannot keep the program from ending."""
        threading.Thread(target=self._run, name=THREAD_NAME, daemon=True).start()

    def report(self, fraction: float, stage: str) -> None:
        """Store progress; called by the work, with a :class:`Leap` where none was made.

        While the job is paused this does not return.

        Raises:
            Cancelled: the user asked to stop.
        """
        if not self._go_on.is_set():
            self._watch.stop()
            self._go_on.wait()
            self._watch.start()
        if self._cancel.is_set():
            raise Cancelled
        self.fraction, self.stage = fraction, stage
        self._estimate.update(fraction, worked=not isinstance(stage, Leap))

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end; None until there is something to go by."""
        return self._estimate.seconds_left

    def pause(self) -> None:
        """Let the work rest from its next report on."""
        if not self._cancel.is_set():
            self._go_on.clear()

    def resume(self) -> None:
        """Let it go on."""
        self._go_on.set()

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._cancel.set()
        self._go_on.set()

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether the job has ended, waiting for it at most so long."""
        return self._finished.wait(timeout_seconds)

    def _run(self) -> None:
        self._state = JobState.RUNNING
        try:
            self.report(0.0, "")
            self.result = self._work(self.report)
        except Cancelled:
            self._state = JobState.CANCELLED
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the job
            self.error, self._state = _explained(error), JobState.FAILED
        else:
            self.fraction, self._state = 1.0, JobState.DONE
        finally:
            self._finished.set()


def _explained(error: BaseException) -> BaseException:
    if isinstance(error, UserError) or not is_out_of_memory(error):
        return error
    refusal = no_memory()
    refusal.__cause__ = error
    return refusal
