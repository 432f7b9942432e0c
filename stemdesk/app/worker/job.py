"""A separation that the child process does, as the queue of jobs wants it; polled."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.app.forecast import Choice
from stemdesk.app.live.order import Focus
from stemdesk.app.options import SeparateOptions
from stemdesk.app.worker.wire import pack, unpack_separation
from stemdesk.errors import UserError
from stemdesk.jobs.child_work import ChildWork
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
        choice: model, device, threads and claims.
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


class SeparationJob(ChildWork):
    """What one song has of the child process that serves all.

    Args:
        worker: who does it.
        id: unique in it.
        request: what to do.

    Attributes:
        device: what the network runs on; empty until that is known.
        coverage: what can be heard already.
        result: what came of it, once done.
    """

    def __init__(self, worker: Worker, id: str, request: Request) -> None:  # noqa: A002
        super().__init__()
        self.id, self.request = id, request
        self._worker = worker
        self.device = ""
        self.coverage: Coverage | None = None
        self.result: Separation | None = None

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
            self._say("pause")

    def listen(self, focus: Focus) -> None:
        """Somebody listens elsewhere now; what is about to be heard comes first."""
        self.request = replace(self.request, focus=focus)
        self._say("focus", focus=pack(focus))

    def cancel(self) -> None:
        """Stop after the piece of work at hand; a later job for the song goes on from there."""
        self._say("cancel")

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
            result = unpack_separation(event["result"])
            self.notes = list(result.notes)
            self._finish(result)
        elif kind == "failed":
            self._fail(UserError(event["problem"], event["remedy"]))
        elif kind == "cancelled":
            self._end(JobState.CANCELLED)
        return self._ended.is_set()

    def take_death(self, error: UserError) -> None:
        """The child has died of it."""
        self._fail(error)

    def _take_progress(self, event: dict[str, Any]) -> None:
        self.fraction, self.stage = event["fraction"], event["stage"]
        self.speed, self.device = event["speed"], event["device"]
        self._set_left(event["seconds_left"])

    def _say(self, word: str, **more: Any) -> None:
        if self._state is JobState.RUNNING:
            self._worker.send({"do": word, "id": self.id, **more}, start=False)
