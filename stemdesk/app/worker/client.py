"""The separating process, seen from the app: started when it is needed, and again if it died."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from stemdesk.app.worker.job import SeparationJob
from stemdesk.app.worker.program import worker_command
from stemdesk.app.worker.wire import line_of, message_of, pack
from stemdesk.errors import UserError
from stemdesk.mixing.plugins.starter import STARTER
from stemdesk.processes import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.app.forecast import Choice
    from stemdesk.app.worker.job import Request
    from stemdesk.app.worker.wire import Message

log = logging.getLogger(__name__)

LOG_BYTES = 16_384
GOODBYE_SECONDS = 3.0


class Worker:
    """One child process for all songs. Its methods return at once, and any thread may call them.

    Args:
        command: how to start it; only tests give one.

    Attributes:
        loaded: what was told of the model loaded last: `key` of the choice, `device` with its
            `description`, and `why` no better one is used.
        load_error: why a model could not be loaded.
        devices: of every kind of device its name, whether it can be used, and what it is or why
            it cannot; None until a model was loaded, or could not be.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(command or worker_command())
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        # With the process that does it: a new one may be there before the old is buried.
        self._jobs: dict[str, tuple[SeparationJob, subprocess.Popen[bytes] | None]] = {}
        self._log = bytearray()
        self._is_closed = False
        self.loaded: dict[str, str] | None = None
        self.load_error: UserError | None = None
        self.devices: tuple[tuple[str, bool, str], ...] | None = None

    @property
    def log(self) -> str:
        """The last of what the process printed."""
        return bytes(self._log).decode(errors="replace")

    @property
    def process_id(self) -> int | None:
        """Of the child; None while there is none."""
        process = self._process
        return None if process is None else process.pid

    def load(self, choice: Choice) -> None:
        """Have a model ready before it is needed.

        Raises:
            UserError: the system starts no more processes.
        """
        self.send({"do": "load", "choice": pack(choice)})

    def separate(self, request: Request) -> SeparationJob:
        """A song to separate, for the queue or to start at once."""
        return SeparationJob(self, uuid.uuid4().hex, request)

    def begin(self, job: SeparationJob, command: Message) -> None:
        """Hand a job over; called by itself.

        Raises:
            UserError: the system starts no more processes.
        """
        with self._lock:
            self._revive()
            self._jobs[job.id] = (job, self._process)
            self.send(command, start=False)

    def send(self, message: Message, *, start: bool = True) -> None:
        """A command; where the process has just died its reader will tell.

        Args:
            message: the command.
            start: start the process if there is none.

        Raises:
            UserError: the system starts no more processes.
        """
        with self._lock:
            if start:
                self._revive()
            if self._process is None:
                return
            assert self._process.stdin
            with suppress(OSError):
                self._process.stdin.write(line_of(message))
                self._process.stdin.flush()

    def close(self) -> None:
        """End the process; what it was at can be gone on with another time."""
        with self._lock:
            self._is_closed = True
            process = self._process
            self.send({"do": "quit"}, start=False)
        if process is None:
            return
        with suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
        try:
            process.wait(GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _revive(self) -> None:
        if self._is_closed:
            raise UserError("StemDesk is closing", "start it again to go on")
        if self._process is None or self._process.poll() is not None:
            self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        try:
            process = STARTER.start(self._popen)
        except OSError as error:
            raise UserError(
                f"The process that separates cannot be started ({error.strerror or error})",
                "close other programs and try again",
            ) from error
        for body in (self._read_events, self._keep_log):
            threading.Thread(
                target=body, args=(process,), name="separation worker", daemon=True
            ).start()
        return process

    def _popen(self) -> subprocess.Popen[bytes]:
        no_console = 0
        if sys.platform == "win32":
            no_console = subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            # Ctrl-C in the terminal is for the app alone. Not a session of its own: where Linux
            # shares the processor by sessions (sched_autogroup), niceness counts within one only.
            process_group=0,
            creationflags=no_console,
        )

    def _read_events(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        with process.stdout:
            try:
                for line in process.stdout:
                    self._take(message_of(line))
            except ValueError:  # killed in the middle of a line, or out of its mind
                process.kill()
        status = process.wait()
        log.info("the separating process %d ended with status %d", process.pid, status)
        with self._lock:
            if self._process is process:
                self._process = None
            left = [job for job, child in self._jobs.values() if child is process]
            for job in left:
                del self._jobs[job.id]
        with suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]
        for job in left:
            job.take_death(_death(status, job))

    def _take(self, event: dict[str, Any]) -> None:
        if event["event"] in {"loaded", "load failed"}:
            self._take_load(event)
        else:
            with self._lock:
                job, _ = self._jobs.get(event["id"], (None, None))
            if job is not None and job.take(event):
                with self._lock:
                    self._jobs.pop(job.id, None)

    def _take_load(self, event: dict[str, Any]) -> None:
        self.devices = tuple((name, usable, told) for name, usable, told in event["devices"])
        if event["event"] == "loaded":
            self.loaded = {key: event[key] for key in ("key", "device", "description", "why")}
            self.load_error = None
        else:
            self.load_error = UserError(event["problem"], event["remedy"])

    def _keep_log(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr
        with process.stderr:
            while piece := os.read(process.stderr.fileno(), LOG_BYTES):
                self._log += piece
                del self._log[:-LOG_BYTES]


def _death(status: int, job: SeparationJob) -> UserError:
    song = job.request.song.name
    again = "try again: it goes on where it was"
    if sys.platform != "win32" and status == -signal.SIGKILL:
        return UserError(
            f"The system ended the separation of {song}, as it does when memory runs out",
            f"close other programs or choose a smaller model, then {again}",
        )
    return UserError(f"The separation of {song} broke off (exit status {status})", again)
