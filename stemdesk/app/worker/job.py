"""A separation that the child process does, as the queue of jobs wants it; polled."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.app.forecast import Choice
from stemdesk.app.live.order import Focus
from stemdesk.app.options import SeparateOptions
from stemdesk.app.worker.wire import pack, unpack_separation
from stemdesk.errors import UserError
from stemdesk.jobs.job import JobState

if TYPE_CHECKING:
    from stemdesk.app.live.spans import Spans
    from stemdesk.app.options import Separation
    from stemdesk.app.worker.client import Worker


@dataclass(frozen=True)
class Request:
    """What is to be separated.

    Attributes:
        song: the file.
        song_seconds: its length.
        options: what to deliver and where; nothing is asked, so ASK leaves alone what is there.
        choice: model, device and threads.
        focus: where somebody listens at first.
    """

    song: Path
    song_seconds: float
    options: SeparateOptions = field(default_factory=SeparateOptions)
    choice: Choice = field(default_factory=Choice)
    focus: Focus = field(default_factory=Focus)


@dataclass(frozen=True)
class Coverage:
    """What can be heard already, for `app.live.stems.LiveStems.follow`.

    Attributes:
        path: of the estimates.
        spans: which frames of the song are in it.
    """

    path: Path
    spans: Spans


class SeparationJob:
    """Satisfies `jobs.queue.Work`; read from any thread.

    Args:
        worker: who does it.
        id: unique in it.
        request: what to do.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        speed: how many times faster than the song plays; None until that is known.
        device: what the network runs on; empty until that is known.
        notes: what the user should know, one sentence each.
        coverage: what can be heard already.
        result: what came of it, once done.
        error: why it failed, once it has.
    """

    def __init__(self, worker: Worker, id: str, request: Request) -> None:  # noqa: A002
        self.id, self.request = id, request
        self._worker = worker
        self._state = JobState.QUEUED
        self._is_paused = False
        self._ended = threading.Event()
        self._left: tuple[float, float] | None = None
        self.fraction, self.stage, self.device = 0.0, "", ""
        self.speed: float | None = None
        self.notes: list[str] = []
        self.coverage: Coverage | None = None
        self.result: Separation | None = None
        self.error: BaseException | None = None

    @property
    def state(self) -> JobState:
        """Where it stands; paused as soon as that is asked for."""
        if self._state is JobState.RUNNING and self._is_paused:
            return JobState.PAUSED
        return self._state

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end, counting down between reports."""
        left = self._left
        if left is None:
            return None
        return left[0] if self._is_paused else max(0.0, left[0] - (time.monotonic() - left[1]))

    def start(self) -> None:
        """Hand it to the child process, which is started if need be.

        Raises:
            UserError: the system starts no more processes.
        """
        self._state = JobState.RUNNING
        request = self.request
        # Whatever folder the child may be in.
        options = pack(request.options) | {"output": str(request.options.output.absolute())}
        command = {
            "do": "separate",
            "id": self.id,
            "song": str(request.song.absolute()),
            "song_seconds": request.song_seconds,
            "options": options,
            "choice": pack(request.choice),
            "focus": pack(request.focus),
        }
        self._worker.begin(self, command)
        if self._is_paused:
            self._tell("pause")

    def listen(self, focus: Focus) -> None:
        """Somebody listens elsewhere now; what is about to be heard comes first."""
        self.request = replace(self.request, focus=focus)
        self._tell("focus", focus=pack(focus))

    def pause(self) -> None:
        """Rest after the piece of work at hand."""
        self._is_paused = True
        self._tell("pause")

    def resume(self) -> None:
        """Go on."""
        self._is_paused = False
        self._tell("resume")

    def cancel(self) -> None:
        """Stop after the piece of work at hand; a later job for the song goes on from there."""
        self._tell("cancel")

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Whether it has ended, waiting for it at most so long."""
        return self._ended.wait(timeout_seconds)

    def take(self, event: dict[str, Any]) -> bool:
        """An event of the child; whether it was the last."""
        kind = event["event"]
        if kind == "progress":
            self._take_progress(event)
        elif kind == "covered":
            spans = tuple((first, end) for first, end in event["spans"])
            self.coverage = Coverage(Path(event["path"]), spans)
        elif kind == "notes":
            self.notes = list(event["notes"])
        elif kind == "done":
            self.result = unpack_separation(event["result"])
            self.notes = list(self.result.notes)
            self.fraction = 1.0
            self._end(JobState.DONE)
        elif kind == "failed":
            self.error = UserError(event["problem"], event["remedy"])
            self._end(JobState.FAILED)
        elif kind == "cancelled":
            self._end(JobState.CANCELLED)
        return self._ended.is_set()

    def take_death(self, error: UserError) -> None:
        """The child has died of it."""
        self.error = error
        self._end(JobState.FAILED)

    def _take_progress(self, event: dict[str, Any]) -> None:
        self.fraction, self.stage = event["fraction"], event["stage"]
        self.speed, self.device = event["speed"], event["device"]
        left = event["seconds_left"]
        self._left = None if left is None else (left, time.monotonic())

    def _end(self, state: JobState) -> None:
        self._state = state
        self._ended.set()

    def _tell(self, do: str, **more: Any) -> None:
        if self._state is JobState.RUNNING:
            self._worker.send({"do": do, "id": self.id, **more}, start=False)
