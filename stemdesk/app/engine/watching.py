"""Who is told of which job."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stemdesk.app.engine.connection import Connection
    from stemdesk.app.engine.jobs import EngineJob, EngineJobs

TELL_SECONDS = 0.1
METHOD = "progress"


@dataclass
class _Watcher:
    job: EngineJob
    connection: Connection
    told_mark: tuple[Any, ...] = ()
    told_seconds: float = field(default=float("-inf"))


class Watching:
    """Tells clients of jobs they watch, and ends jobs that were to end with their client.

    Args:
        jobs: all jobs.
    """

    def __init__(self, jobs: EngineJobs) -> None:
        self._jobs = jobs
        self._watchers: dict[tuple[int, Connection], _Watcher] = {}
        self._bound: list[tuple[EngineJob, Connection]] = []

    def watch(self, job: EngineJob, connection: Connection) -> None:
        """Tell a client of a job until it has ended."""
        if not job.has_ended:
            watcher = _Watcher(job, connection, told_seconds=time.monotonic())
            self._watchers.setdefault((job.id, connection), watcher)

    def bind(self, job: EngineJob, connection: Connection) -> None:
        """Cancel a job if its client goes before it has ended."""
        self._bound.append((job, connection))

    def forget(self, connection: Connection) -> None:
        """A client has gone."""
        self._watchers = {
            key: each for key, each in self._watchers.items() if each.connection is not connection
        }
        for job, client in self._bound:
            if client is connection and not job.has_ended:
                self._jobs.cancel(job.id)

    def tell(self) -> None:
        """Send what is new: at most ten times a second, and an end at once."""
        now = time.monotonic()
        for key, watcher in list(self._watchers.items()):
            job, mark = watcher.job, watcher.job.mark
            is_due = mark != watcher.told_mark and now - watcher.told_seconds >= TELL_SECONDS
            if job.has_ended:
                watcher.connection.notify(METHOD, job.told(), can_wait=False)
                del self._watchers[key]
            elif is_due and watcher.connection.notify(METHOD, job.brief(), can_wait=True):
                watcher.told_mark, watcher.told_seconds = mark, now
        self._bound = [each for each in self._bound if not each[0].has_ended]
