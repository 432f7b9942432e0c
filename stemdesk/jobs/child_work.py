"""Work that a child process does, as the queue of jobs sees it: polled, no thread of its own."""

from __future__ import annotations

import threading
import time
from typing import Any

from stemdesk.jobs.job import JobState


class ChildWork:
    """With `start` and `cancel` of a subclass it satisfies `jobs.entry.Work`; any thread may read.

    A subclass passes words on to its child, and stores what the child tells.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        speed: how many times faster than the song plays; None where that means nothing.
        notes: what the user should know, one sentence each.
        result: what came of it, once done.
        error: why it failed, once it has.
    """

    def __init__(self) -> None:
        self._state = JobState.QUEUED
        self._is_paused = False
        self._ended = threading.Event()
        self._left: tuple[float, float] | None = None
        self.fraction, self.stage = 0.0, ""
        self.speed: float | None = None
        self.notes: list[str] = []
        self.result: Any = None
        self.error: BaseException | None = None

    @property
    def state(self) -> JobState:
        """Where it stands; paused as soon as that is asked for."""
        if self._state is JobState.RUNNING and self._is_paused:
            return JobState.PAUSED
        return self._state

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end, counting down between what the child tells."""
        left = self._left
        if left is None:
            return None
        return left[0] if self._is_paused else max(0.0, left[0] - (time.monotonic() - left[1]))

    def pause(self) -> None:
        """Rest after the piece of work at hand."""
        self._is_paused = True
        self._say("pause")

    def resume(self) -> None:
        """Go on."""
        self._is_paused = False
        self._say("resume")

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether it has ended, waiting for it at most so long."""
        return self._ended.wait(timeout_seconds)

    def _say(self, word: str) -> None:
        """A word to the child; nothing where none is at work for this."""
        raise NotImplementedError

    def _set_left(self, seconds: float | None) -> None:
        self._left = None if seconds is None else (float(seconds), time.monotonic())

    def _finish(self, result: Any) -> None:
        self.result, self.fraction = result, 1.0
        self._end(JobState.DONE)

    def _fail(self, error: BaseException) -> None:
        self.error = error
        self._end(JobState.FAILED)

    def _end(self, state: JobState) -> None:
        self._state = state
        self._ended.set()
