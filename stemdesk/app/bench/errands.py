"""Work in the background, and what is to be done with what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.errors import UserError
from stemdesk.jobs.job import Job, JobState
from stemdesk.jobs.queue import CPU, GPU, OF_NO_PROJECT, JobQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.jobs.entry import Entry, Work


class Errands:
    """The queue of jobs, each with what follows once it is done.

    Args:
        complain: told what the user can mend, once for each failure.

    Attributes:
        jobs: the queue.
    """

    def __init__(self, complain: Callable[[UserError], None]) -> None:
        self.jobs = JobQueue(yielding=(GPU,))  # a separation goes on from where it was
        self._complain = complain
        self._finishers: dict[int, Callable[[Entry], None]] = {}
        self._told_errors: dict[int, BaseException] = {}

    def start(
        self,
        title: str,
        kind: str,
        work: Callable[[Callable[[float, str], None]], Any],
        finish: Callable[[Entry], None],
    ) -> Entry:
        """Put work that is one call into the queue.

        Args:
            title: what it is about.
            kind: what is done to it.
            work: done in a thread of its own.
            finish: called from :meth:`pump` with the entry once it is done.
        """
        return self.add(title, kind, lambda: Job(work), finish, CPU)

    def add(
        self,
        title: str,
        kind: str,
        begin: Callable[[], Work],
        finish: Callable[[Entry], None],
        lane: str,
        ready: Callable[[], bool] = lambda: True,
    ) -> Entry:
        """Append work to the queue; see :meth:`stemdesk.jobs.queue.JobQueue.add`.

        Args:
            title: what it is about.
            kind: what is done to it.
            begin: makes the work.
            finish: called from :meth:`pump` with the entry once it is done.
            lane: where it waits.
            ready: whether it can be begun.
        """
        entry = self.jobs.add(title, kind, begin, lane, ready)
        self._finishers[entry.id] = finish
        return entry

    def pump(self) -> None:
        """Start what can be started, and finish what is done."""
        self.jobs.pump()
        for entry in self.jobs.entries:
            if entry.state.has_ended and entry.id in self._finishers:
                self._finish(entry)

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or waits, or what came of it is still to be taken.

        What belongs to no project does not count, as a model that is trained.
        """
        return self.jobs.is_busy_beside(OF_NO_PROJECT) or any(
            entry.state is JobState.DONE and entry.id in self._finishers
            for entry in self.jobs.entries
        )

    def clear(self) -> None:
        """Break everything off and forget it, but for what has nothing to do with the project."""
        for entry in self.jobs.entries:
            if entry.lane not in OF_NO_PROJECT:
                self._finishers.pop(entry.id, None)
                self.jobs.remove(entry.id)

    def _finish(self, entry: Entry) -> None:
        if entry.state is JobState.DONE:
            finish = self._finishers.pop(entry.id)
            try:
                finish(entry)
            except UserError as error:
                self._complain(error)
        elif entry.error is not None and entry.error is not self._told_errors.get(entry.id):
            self._told_errors[entry.id] = entry.error  # it may be tried again, and fail again
            if not isinstance(entry.error, UserError):
                raise entry.error
            self._complain(entry.error)
