"""The engine's jobs: the app's own queue and separating process, seen by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from stemdesk.app.batch import Outcome
from stemdesk.app.manifest import describe
from stemdesk.app.worker.client import Worker
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState
from stemdesk.jobs.queue import GPU, JobQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.worker.job import Request, SeparationJob
    from stemdesk.jobs.entry import Entry

MOST_WAITING = 1000
MOST_ENDED = 500
"""So many ended jobs are remembered; of more, the oldest are forgotten."""


@dataclass(frozen=True)
class EngineJob:
    """One separation.

    Attributes:
        entry: its row of the queue.
        request: what was asked for.
    """

    entry: Entry
    request: Request

    @property
    def id(self) -> int:
        """Its number."""
        return self.entry.id

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.entry.state.has_ended

    @property
    def mark(self) -> tuple[Any, ...]:
        """Another whenever there is something to tell."""
        entry = self.entry
        return (entry.state, entry.fraction, entry.stage, len(entry.notes))

    def brief(self) -> dict[str, Any]:
        """Where it stands, as plain data."""
        entry = self.entry
        left, speed = entry.seconds_left, entry.speed
        work = cast("SeparationJob | None", entry.work)  # nothing else is ever begun here
        return {
            "job": entry.id,
            "state": entry.state.value,
            "input": str(self.request.song),
            "output": str(self.request.options.output),
            "fraction": round(entry.fraction, 4),
            "stage": entry.stage,
            "seconds_left": None if left is None else round(left, 1),
            "speed": None if speed is None else float(f"{speed:.3g}"),
            "device": work.device if work else "",
            "notes": entry.notes,
            "error": _told_error(entry.error),
        }

    def told(self) -> dict[str, Any]:
        """The same, with `result` once it is done: as of `stemdesk separate --json`."""
        result = self.entry.result
        done = None if result is None else describe(Outcome(self.request.song, result))
        return {**self.brief(), "result": done}


class EngineJobs:
    """All jobs of an engine. Its methods belong to one thread and return at once.

    Args:
        make_worker: starts the separating process' side of the app; tests give another.

    Attributes:
        worker: what separates; another one after :meth:`unload`.
    """

    def __init__(self, make_worker: Callable[[], Worker] = Worker) -> None:
        self._make_worker = make_worker
        self.worker = make_worker()
        self._queue = JobQueue()
        self._jobs: dict[int, EngineJob] = {}

    @property
    def all(self) -> tuple[EngineJob, ...]:
        """In the order in which they came."""
        return tuple(self._jobs.values())

    @property
    def is_busy(self) -> bool:
        """Whether anything runs or waits."""
        return self._queue.is_busy

    def job(self, job_id: int) -> EngineJob:
        """The job of that number.

        Raises:
            UserError: there is none, or it was long ago.
        """
        if job_id not in self._jobs:
            raise UserError(f"There is no job {job_id}", "ask for `jobs`")
        return self._jobs[job_id]

    def add(self, request: Request) -> EngineJob:
        """A separation, begun when it is its turn.

        Raises:
            UserError: too many wait.
        """
        ended = [job for job in self.all if job.has_ended]
        if len(self._jobs) - len(ended) >= MOST_WAITING:
            raise UserError(f"{MOST_WAITING} jobs wait already", "wait until some have ended")
        for job in ended[: max(0, len(ended) - MOST_ENDED + 1)]:
            del self._jobs[job.id]
            self._queue.remove(job.id)
        entry = self._queue.add(
            request.song.name, "separate", lambda: self.worker.separate(request), GPU
        )
        self._jobs[entry.id] = EngineJob(entry, request)
        self._queue.pump()
        return self._jobs[entry.id]

    def pump(self) -> None:
        """Start what can be started; to be called some times a second."""
        self._queue.pump()

    def cancel(self, job_id: int) -> EngineJob:
        """Stop a job; what has ended stays as it is.

        Raises:
            UserError: there is none of that number.
        """
        job = self.job(job_id)
        if not job.has_ended:
            self._queue.cancel(job_id)
        return job

    def cancel_all(self) -> None:
        """Stop everything."""
        for job in self.all:
            self.cancel(job.id)

    def unload(self) -> Worker:
        """Give the models' memory back; the old process is returned to be closed, which waits."""
        old, self.worker = self.worker, self._make_worker()
        return old

    def counts(self) -> dict[str, int]:
        """How many jobs there are in each state."""
        states = [job.entry.state for job in self.all]
        return {state.value: states.count(state) for state in JobState}


def _told_error(error: BaseException | None) -> dict[str, str] | None:
    if error is None:
        return None
    if isinstance(error, UserError):
        return {"problem": error.problem, "remedy": error.remedy}
    return {"problem": f"StemDesk met a fault of its own ({error!r})", "remedy": "try again"}
