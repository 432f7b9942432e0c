"""Background work with progress, a time left, and a stop; no Qt, no torch."""

from __future__ import annotations

import threading
import time
from enum import Enum
from typing import TYPE_CHECKING, Any

from stemdesk.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable


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
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job:
    """One piece of work in a thread of its own.

    Args:
        work: called with this job's :meth:`report`; its return value becomes ``result``.

    Attributes:
        state: see :class:`JobState`.
        fraction: 0 to 1.
        stage: what is being done, one or two words.
        result: what ``work`` returned, once done.
        error: what it raised, once failed.
    """

    def __init__(self, work: Callable[[Callable[[float, str], None]], Any]) -> None:
        self._work = work
        self._cancel = threading.Event()
        self._finished = threading.Event()
        self._estimate = TimeLeft(time.monotonic)
        self.state = JobState.QUEUED
        self.fraction, self.stage = 0.0, ""
        self.result: Any = None
        self.error: BaseException | None = None

    def start(self) -> None:
        """Run in a daemon thread, so that a stuck job cannot keep the program from ending."""
        threading.Thread(target=self._run, name=THREAD_NAME, daemon=True).start()

    def report(self, fraction: float, stage: str) -> None:
        """Store progress; called by the work, with a :class:`Leap` where none was made.

        Raises:
            Cancelled: the user asked to stop.
        """
        if self._cancel.is_set():
            raise Cancelled
        self.fraction, self.stage = fraction, stage
        self._estimate.update(fraction, worked=not isinstance(stage, Leap))

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end; None until there is something to go by."""
        return self._estimate.seconds_left

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._cancel.set()

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether the job has ended, waiting for it at most so long."""
        return self._finished.wait(timeout_seconds)

    def _run(self) -> None:
        self.state = JobState.RUNNING
        try:
            self.report(0.0, "")
            self.result = self._work(self.report)
        except Cancelled:
            self.state = JobState.CANCELLED
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the job
            self.error, self.state = error, JobState.FAILED
        else:
            self.fraction, self.state = 1.0, JobState.DONE
        finally:
            self._finished.set()


class TimeLeft:
    """Seconds left, from the pace since the first progress.

    The start (opening files, loading a model, the first slow chunk) is left out of the pace: it
    will not happen again. So is progress that took no work.

    Args:
        clock: monotonic seconds.
    """

    WARM_UP_REPORTS = 2
    MINIMUM_FRACTION = 0.01

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._reports = 0
        self._origin: tuple[float, float] | None = None
        self._latest: tuple[float, float] | None = None

    def update(self, fraction: float, *, worked: bool = True) -> None:
        """Note that ``fraction`` of the work is done now; ``worked``: since the last report."""
        before = self._latest
        if before is not None and fraction <= before[1]:
            return
        self._latest = (self._clock(), fraction)
        if not worked and before is not None and self._origin is not None:
            seconds, leap = self._latest[0] - before[0], fraction - before[1]
            self._origin = (self._origin[0] + seconds, self._origin[1] + leap)
            return
        self._reports += 1
        if self._reports <= self.WARM_UP_REPORTS:
            self._origin = self._latest

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds, counting down between reports; None at first."""
        if self._origin is None or self._latest is None:
            return None
        seconds = self._latest[0] - self._origin[0]
        done = self._latest[1] - self._origin[1]
        if done < self.MINIMUM_FRACTION:
            return None
        left = (1 - self._latest[1]) * seconds / done
        return max(0.0, left - (self._clock() - self._latest[0]))
