"""Work that a program of the trainer does, as the queue of jobs wants it; polled."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from stemdesk.app.training.child import Child
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState

if TYPE_CHECKING:
    from collections.abc import Sequence

Event = dict[str, Any]

LONGEST_SAID = 300


def read_event(line: bytes) -> Event | None:
    """An event of a program; None for a line that is none, as libraries print them."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return None
    return event


class Errand:
    """Satisfies `jobs.queue.Work`; read from any thread. Subclasses say what events mean.

    Args:
        command: how to start the program, see `child.program`.
        title: of what it does, within a sentence: `The training of Mine`.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        speed: none.
        notes: what the user should know, one sentence each.
        result: what came of it, once done.
        error: why it failed, once it has.
    """

    def __init__(self, command: Sequence[str], title: str) -> None:
        self.command, self.title = list(command), title
        self.child: Child | None = None
        self._state = JobState.QUEUED
        self._is_paused = self._is_stopping = False
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
        """Estimated seconds to the end, counting down between events."""
        left = self._left
        if left is None:
            return None
        return left[0] if self._is_paused else max(0.0, left[0] - (time.monotonic() - left[1]))

    def start(self) -> None:
        """Start the program.

        Raises:
            UserError: the system starts no more processes.
        """
        self._state = JobState.RUNNING
        try:
            self.child = Child(self.command, self._take_line, self._take_end)
        except UserError as error:
            self._fail(error)
            raise
        if self._is_paused:
            self.child.say("pause")

    def pause(self) -> None:
        """Rest after the step at hand."""
        self._is_paused = True
        self._say("pause")

    def resume(self) -> None:
        """Go on."""
        self._is_paused = False
        self._say("resume")

    def cancel(self) -> None:
        """Stop; what is written by then stays whole."""
        self._is_stopping = True
        if self.child is not None:
            self.child.kill()
        elif self._state is JobState.QUEUED:
            self._end(JobState.CANCELLED)

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether it has ended, waiting for it at most so long."""
        return self._ended.wait(timeout_seconds)

    def take(self, event: Event) -> None:
        """An event of the program; kinds that are not known are for later versions."""
        if event["event"] == "progress":
            self.fraction = min(1.0, max(0.0, float(event.get("fraction", self.fraction))))
            self.stage = str(event.get("stage", self.stage))
        elif event["event"] == "note":
            self.notes = [*self.notes, str(event.get("text", ""))]

    def outcome(self) -> Any:
        """What came of it, once the program has ended well.

        Raises:
            UserError: nothing did.
        """
        raise NotImplementedError

    def _say(self, word: str) -> None:
        if self._state is JobState.RUNNING and self.child is not None:
            self.child.say(word)

    def _set_left(self, seconds: float | None) -> None:
        self._left = None if seconds is None else (float(seconds), time.monotonic())

    def _take_line(self, line: bytes) -> None:
        event = read_event(line)
        if event is None or self._state.has_ended:
            return
        try:
            self.take(event)
        except (KeyError, TypeError, ValueError):
            return  # of a version that means something else by it

    def _take_end(self, status: int) -> None:
        if self._state.has_ended:
            return
        if self._is_stopping:
            self._end(JobState.CANCELLED)
            return
        try:
            self.result = self.outcome() if self._is_well(status) else self._raise(status)
        except UserError as error:
            self._fail(error)
        else:
            self.fraction = 1.0
            self._end(JobState.DONE)

    def _is_well(self, status: int) -> bool:
        return status == 0

    def _raise(self, status: int) -> Any:
        raise death(self.title, status, self.child.log if self.child else "")

    def _fail(self, error: BaseException) -> None:
        self.error = error
        self._end(JobState.FAILED)

    def _end(self, state: JobState) -> None:
        self._state = state
        self._ended.set()


def death(title: str, status: int, log: str) -> UserError:
    """Why a program ended that should not have.

    A program that gives its reason does so in its last line, a `UserError` in one sentence; what
    ends in a traceback broke off.

    Args:
        title: of what it did.
        status: its exit status.
        log: what it said to standard error.
    """
    if sys.platform != "win32" and status == -signal.SIGKILL:
        return UserError(
            f"{title} was ended by the system, as happens when memory runs out",
            "close other programs, or choose a smaller batch, then go on",
        )
    last = next((line.strip() for line in reversed(log.splitlines()) if line.strip()), "")
    if status == 1 and last.endswith(".") and "Traceback (most recent call last)" not in log:
        problem, _, remedy = last.removesuffix(".").partition(": ")
        if remedy:
            return UserError(problem, remedy)
    error = UserError(
        f"{title} broke off (exit status {status})", "try again: it goes on where it was"
    )
    if last:
        error.__cause__ = RuntimeError(log[-LONGEST_SAID * 10 :].strip())
    return error
