"""One row of the list of jobs, and what can stand behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState

if TYPE_CHECKING:
    from collections.abc import Callable


class Work(Protocol):
    """What the queue starts: `jobs.job.Job`, or something that a child process does."""

    @property
    def state(self) -> JobState:
        """Where it stands."""
        ...

    @property
    def fraction(self) -> float:
        """0 to 1."""
        ...

    @property
    def stage(self) -> str:
        """What is being done, one or two words."""
        ...

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end."""
        ...

    @property
    def speed(self) -> float | None:
        """How many times faster than the song plays."""
        ...

    @property
    def notes(self) -> list[str]:
        """What the user should know, one sentence each."""
        ...

    @property
    def result(self) -> Any:
        """What came of it, once done."""
        ...

    @property
    def error(self) -> BaseException | None:
        """Why it failed, once it has."""
        ...

    def start(self) -> None:
        """Begin, without waiting for anything."""
        ...

    def pause(self) -> None:
        """Rest as soon as possible."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def cancel(self) -> None:
        """Stop as soon as possible."""
        ...

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether it has ended, waiting for it at most so long."""
        ...


class Entry:
    """One row of the list.

    Args:
        id: unique in its queue.
        title: what it is about, as a rule the song.
        kind: what is done to it.
        lane: where it waits.
        begin: makes the work; called anew for every retry.
        ready: whether it can be begun; until then it waits, and others pass it.

    Attributes:
        work: the last that was started.
        is_held: paused before it was started.
        is_given_up: cancelled before it was started.
        stepped_aside: work that gave its lane up while it was paused, and may be ending still.
    """

    def __init__(
        self,
        id: int,  # noqa: A002 - what it is called everywhere else
        title: str,
        kind: str,
        lane: str,
        begin: Callable[[], Work],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.id, self.title, self.kind, self.lane, self.begin = id, title, kind, lane, begin
        self.ready = ready
        self.work: Work | None = None
        self.is_held = self.is_given_up = False
        self.stepped_aside: Work | None = None
        self._fraction_before = 0.0
        self._refusal: UserError | None = None

    @property
    def state(self) -> JobState:
        """Where it stands."""
        if self._refusal is not None:
            return JobState.FAILED
        if self.work is not None:
            return self.work.state
        if self.is_given_up:
            return JobState.CANCELLED
        return JobState.PAUSED if self.is_held else JobState.QUEUED

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return self.work.fraction if self.work else self._fraction_before

    @property
    def stage(self) -> str:
        """What is being done, one or two words."""
        return self.work.stage if self.work else ""

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end; None where nobody knows, or it does not run."""
        return self.work.seconds_left if self.work and not self.state.has_ended else None

    @property
    def speed(self) -> float | None:
        """How many times faster than the song plays; None where that means nothing."""
        return self.work.speed if self.work else None

    @property
    def notes(self) -> list[str]:
        """What the user should know, one sentence each."""
        return list(self.work.notes) if self.work else []

    @property
    def result(self) -> Any:
        """What came of it, once done."""
        return self.work.result if self.work else None

    @property
    def error(self) -> BaseException | None:
        """Why it failed, once it has; a `UserError` where the user can mend it."""
        return self._refusal or (self.work.error if self.work else None)

    @property
    def is_waiting(self) -> bool:
        """Whether it is to be started as soon as its lane is free."""
        return self.state is JobState.QUEUED and self.work is None and self.ready()

    def start(self) -> None:
        """Begin the work; where that is refused the entry has failed."""
        try:
            self.work = self.begin()
            self.work.start()
        except UserError as error:
            self._refusal = error

    @property
    def is_pending(self) -> bool:
        """Whether its place in the list decides when it is started."""
        return self.work is None and self.state in (JobState.QUEUED, JobState.PAUSED)

    @property
    def takes_room(self) -> bool:
        """Whether there is no room for others where it is being worked at."""
        at_work = (None if self._refusal else self.work, self.stepped_aside)
        return any(work is not None and not work.state.has_ended for work in at_work)

    def step_aside(self) -> None:
        """Give the lane up while it rests; work that is begun later goes on from there."""
        assert self.work is not None, "something rests"
        self._fraction_before = self.work.fraction
        self.stepped_aside, self.work = self.work, None
        self.is_held = True
        self.stepped_aside.cancel()

    def renew(self) -> None:
        """Wait again, as if it had never been started."""
        self.work, self._refusal = None, None
        self._fraction_before = 0.0
        self.is_held = self.is_given_up = False
