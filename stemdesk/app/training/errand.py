"""Work that a program of the trainer does, as the queue of jobs wants it; polled."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, Any

from stemdesk.app.training.child import Child
from stemdesk.errors import UserError
from stemdesk.jobs.child_work import ChildWork
from stemdesk.jobs.job import JobState
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Sequence

Event = dict[str, Any]

LONGEST_SAID = 300


def read_event(line: bytes) -> Event | None:
    """An event of a program; None for a line that is none, as libraries print them."""
    try:
        event = read_json(line, names=True, infinite=True)
    except Unreadable:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return None
    return event


class Errand(ChildWork):
    """A program that is started for this alone. Subclasses say what its events mean.

    Args:
        command: how to start the program, see `child.program`.
        title: of what it does, within a sentence: `The training of Mine`.
    """

    def __init__(self, command: Sequence[str], title: str) -> None:
        super().__init__()
        self.command, self.title = list(command), title
        self.child: Child | None = None
        self._is_stopping = False

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

    def cancel(self) -> None:
        """Stop; what is written by then stays whole."""
        self._is_stopping = True
        if self.child is not None:
            self.child.kill()
        elif self._state is JobState.QUEUED:
            self._end(JobState.CANCELLED)

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
            result = self.outcome() if self._is_well(status) else self._raise(status)
        except UserError as error:
            self._fail(error)
        else:
            self._finish(result)

    def _is_well(self, status: int) -> bool:
        return status == 0

    def _raise(self, status: int) -> Any:
        raise death(self.title, status, self.child.log if self.child else "")


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
