"""What the separating process does when it is told to.

Commands (`do`, and for all but `load` and `quit` the job's `id`):

- `load`: `choice` (model, device, threads, claims). Answered by `loaded`: the choice's `key`,
  `device` with its `description`, and `why` no better one is used; or by `load failed` (problem,
  remedy). Either has `devices`: of every kind its name, whether it can be used, and what it is or
  why it cannot.
- `separate`: `song`, `song_seconds`, `options`, `choice`, `focus`.
- `focus`: where somebody listens, a playhead and perhaps a loop, in frames of the song.
- `pause`, `resume`, `cancel`; `quit` stops everything.

Events of a job (`event`, `id`): `progress` (fraction, stage, seconds_left, speed, device),
`covered` (path, spans), `notes`, and one of `done` (result), `cancelled`, `failed` (problem,
remedy).
"""

from __future__ import annotations

import logging
import os
import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.app.live.feed import Listener
from stemdesk.app.separate import separate_song
from stemdesk.app.worker.models import ReadyModels, device_list
from stemdesk.app.worker.task import Task
from stemdesk.app.worker.wire import (
    line_of,
    message_of,
    pack,
    unpack_choice,
    unpack_focus,
    unpack_options,
)
from stemdesk.errors import Cancelled, UserError
from stemdesk.memory_shortage import refusing_shortage

if TYPE_CHECKING:
    from stemdesk.app.options import Separation
    from stemdesk.app.worker.wire import Message

log = logging.getLogger(__name__)

CALM_SECONDS = 0.5
"""Nothing to do for so long: a good time to measure the pace."""


class Service:
    """Takes commands in one thread and carries them out in another, one song at a time.

    Args:
        outgoing: where events go.
    """

    def __init__(self, outgoing: BinaryIO) -> None:
        self._outgoing, self._sending = outgoing, threading.Lock()
        self._orders: SimpleQueue[Message | None] = SimpleQueue()
        self._tasks: dict[str, Task] = {}
        self._models = ReadyModels()
        self._has_adapted = False

    def take(self, line: bytes) -> None:
        """A command: what changes a job is done at once, the rest in its turn."""
        command = message_of(line)
        do = command["do"]
        if do == "quit":
            for running in list(self._tasks.values()):
                running.cancel()
            self._orders.put(None)
        elif do == "separate":
            self._tasks[command["id"]] = Task(command, self.send)
            self._orders.put(command)
        elif do == "load":
            self._orders.put(command)
        elif (task := self._tasks.get(command["id"])) is not None:
            if do == "focus":
                task.focus = unpack_focus(command["focus"])
            else:
                {"pause": task.pause, "resume": task.resume, "cancel": task.cancel}[do]()

    def send(self, message: Message) -> None:
        """An event; nobody wants it any more where the app is gone, and then this is, too."""
        with self._sending:
            try:
                self._outgoing.write(line_of(message))
                self._outgoing.flush()
            except OSError:
                os._exit(0)

    def serve(self) -> None:
        """Carry out commands until `quit`."""
        while (command := self._next_order()) is not None:
            if command["do"] == "load":
                self._load(command)
            else:
                self._separate(command)

    def _next_order(self) -> Message | None:
        try:
            return self._orders.get(timeout=CALM_SECONDS)
        except Empty:
            self._models.calibrate(self._orders.empty)
            return self._orders.get()

    def _load(self, command: Message) -> None:
        try:
            with refusing_shortage("load this model"):
                ready = self._models.get(unpack_choice(command["choice"]))
        except UserError as error:
            told: Message = {"event": "load failed", "problem": error.problem}
            told |= {"remedy": error.remedy, "devices": device_list()}
        else:
            told = {"event": "loaded", "key": ready.choice.key, **ready.told}
            told["devices"] = ready.devices
        self.send(told)

    def _separate(self, command: Message) -> None:
        task = self._tasks[command["id"]]
        try:
            with refusing_shortage(f"separate {task.song.name}"):
                result = self._separated(command, task)
        except Cancelled:
            task.tell("cancelled")
        except UserError as error:
            task.tell("failed", problem=error.problem, remedy=error.remedy)
        except Exception:
            log.exception("a separation broke off")
            task.tell(
                "failed",
                problem=f"StemDesk met a fault of its own while separating {task.song.name}",
                remedy="try again, and report the fault if it comes back",
            )
        else:
            task.tell("done", result=pack(result))
        finally:
            del self._tasks[command["id"]]

    def _separated(self, command: Message, task: Task) -> Separation:
        task.report(0.0, "loading")
        ready = self._models.get(unpack_choice(command["choice"]))
        task.device, task.notes = ready.told["device"], ready.model.notes
        options = unpack_options(command["options"])
        started = time.monotonic()
        result = separate_song(
            task.song,
            options,
            ready.model,
            task.report,
            lambda _: False,
            Listener(lambda: task.focus, task.covered),
        )
        # Learning from a song takes time and memory that other songs do not; the process's peak
        # tells of it for good.
        self._has_adapted |= options.adapt
        if result.files and not result.resumed_seconds and not self._has_adapted:
            seconds = time.monotonic() - started - task.paused_seconds
            self._models.learn(ready, result.song_seconds, seconds)
        return result
