"""One song in the separating process: what it is told meanwhile, and what it tells."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.app.worker.wire import unpack_focus
from stemdesk.errors import Cancelled
from stemdesk.jobs.job import Leap
from stemdesk.jobs.time_left import StopWatch, TimeLeft

if TYPE_CHECKING:
    from collections.abc import Callable

    from stemdesk.app.live.spans import Spans
    from stemdesk.app.worker.wire import Message

_TELL_SECONDS = 0.1


class Task:
    """Progress is told at most ten times a second; what is new otherwise at once.

    Args:
        command: `separate`.
        send: where events go.

    Attributes:
        song: the song.
        focus: where somebody listens.
        device: what the network runs on, once that is known.
        notes: what the network's engine has to say; it grows.
    """

    def __init__(self, command: Message, send: Callable[[Message], None]) -> None:
        self.song = Path(command["song"])
        self.focus = unpack_focus(command["focus"])
        self.device = ""
        self.notes: list[str] = []
        self._id, self._send = command["id"], send
        self._song_seconds = float(command["song_seconds"])
        self._is_cancelled = threading.Event()
        self._may_go_on = threading.Event()
        self._may_go_on.set()
        self._started = time.monotonic()
        self._watch = StopWatch()
        self._watched_from = self._watch()
        self._left = TimeLeft(self._watch)
        self._told_at, self._told_stage = -1.0, ""
        self._told_notes: list[str] = []

    @property
    def paused_seconds(self) -> float:
        """How long it has rested."""
        return (time.monotonic() - self._started) - (self._watch() - self._watched_from)

    def pause(self) -> None:
        """Rest from the next report on."""
        self._may_go_on.clear()

    def resume(self) -> None:
        """Go on."""
        self._may_go_on.set()

    def cancel(self) -> None:
        """Stop at the next report."""
        self._is_cancelled.set()
        self._may_go_on.set()

    def report(self, fraction: float, stage: str) -> None:
        """Progress; as :meth:`stemdesk.jobs.job.Job.report`.

        Raises:
            Cancelled: it is to stop.
        """
        if not self._may_go_on.is_set():
            self._watch.stop()
            self._may_go_on.wait()
            self._watch.start()
        if self._is_cancelled.is_set():
            raise Cancelled
        self._left.update(fraction, worked=not isinstance(stage, Leap))
        now = time.monotonic()
        if stage != self._told_stage or now - self._told_at >= _TELL_SECONDS:
            self._told_at, self._told_stage = now, stage
            self._tell_progress(fraction, stage)

    def covered(self, path: Path, spans: Spans) -> None:
        """What has been separated so far."""
        self.tell("covered", path=str(path), spans=spans)

    def tell(self, event: str, **more: Any) -> None:
        """Any event of this song."""
        self._send({"event": event, "id": self._id, **more})

    def _tell_progress(self, fraction: float, stage: str) -> None:
        pace = self._left.pace
        self.tell(
            "progress",
            fraction=fraction,
            stage=str(stage),
            seconds_left=self._left.seconds_left,
            speed=None if pace is None else pace * self._song_seconds,
            device=self.device,
        )
        # Jumps in the song may let the engine say the same again.
        notes = list(dict.fromkeys(self.notes))
        if notes != self._told_notes:
            self._told_notes = notes
            self.tell("notes", notes=notes)
