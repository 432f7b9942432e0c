"""Ends plug-ins' processes that take too long."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_WATCH_SECONDS = 0.05


class Deadline:
    """When a child's patience runs out.

    Attributes:
        at: on the monotonic clock; None while nothing is waited for.
        has_struck: the child was killed for it.
    """

    def __init__(self) -> None:
        self.at: float | None = None
        self.has_struck = False


class Watchdog:
    """Kills children that take too long: reading from a pipe has no time limit on Windows."""

    def __init__(self) -> None:
        # Reentrant: a sandbox may be collected, and forgotten, while its thread is in here.
        self._lock = threading.RLock()
        self._watched: dict[int, tuple[subprocess.Popen[bytes], Deadline]] = {}
        self._thread: threading.Thread | None = None

    def watch(self, process: subprocess.Popen[bytes]) -> Deadline:
        """Begin to; returns where to note until when it may take."""
        deadline = Deadline()
        with self._lock:
            self._watched[id(process)] = (process, deadline)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="plug-in watchdog", daemon=True
                )
                self._thread.start()
        return deadline

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """It has ended, or is about to."""
        with self._lock:
            self._watched.pop(id(process), None)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
                for process, deadline in list(self._watched.values()):
                    if deadline.at is not None and time.monotonic() > deadline.at:
                        deadline.has_struck = True
                        end_now(process)
            time.sleep(_WATCH_SECONDS)


WATCHDOG = Watchdog()


def end_now(process: subprocess.Popen[bytes]) -> None:
    """Kill a child, and what it has started; harmless when it has ended."""
    if sys.platform == "win32":
        process.kill()
        return
    # The group first, while the child, not waited for yet, still keeps its number from others.
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
