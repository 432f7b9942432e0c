"""A program of the trainer as a child process: events come line by line, words go in."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.mixing.plugins.starter import STARTER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TRAINING_FLAG = "--training-program"
"""First argument of a frozen application that is started once more, to be such a program."""

LOG_BYTES = 16_384
_NICENESS = 10
_BELOW_NORMAL_PRIORITY_CLASS = 0x4000
_ROOT = Path(__file__).resolve().parents[3]
_SOURCE_ROOTS = (_ROOT, _ROOT / "training", _ROOT / "models")


def program(module: str, *arguments: str) -> list[str]:
    """How to start a program of the trainer.

    Args:
        module: what `python -m` starts.
        arguments: of its command line.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, TRAINING_FLAG, module, *arguments]
    # -P: a file numpy.py in the current folder must not become the child's numpy.
    return [sys.executable, "-P", "-m", module, *arguments]


class Child:
    """A running program. Its methods return at once, and any thread may call them.

    Args:
        command: how to start it, see :func:`program`.
        on_line: called in a thread of its own with every line that it prints.
        on_end: called in that thread with the exit status, after the last line.
        text: what it reads first.

    Raises:
        UserError: the system starts no more processes.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_line: Callable[[bytes], None],
        on_end: Callable[[int], None],
        text: str = "",
    ) -> None:
        self._command = list(command)
        self._on_line, self._on_end = on_line, on_end
        self._log = bytearray()
        self._writing = threading.Lock()
        try:
            self._process = STARTER.start(self._started)
        except OSError as error:
            raise UserError(
                f"The trainer cannot be started ({error.strerror or error})",
                "close other programs and try again",
            ) from error
        if text:
            self.say(text.rstrip("\n"))
        log = threading.Thread(target=self._keep_log, name="trainer log", daemon=True)
        log.start()
        threading.Thread(target=self._read, args=(log,), name="trainer events", daemon=True).start()

    @property
    def process_id(self) -> int:
        """The system's number for it."""
        return self._process.pid

    @property
    def log(self) -> str:
        """The last of what it said to nobody in particular."""
        return bytes(self._log).decode(errors="replace")

    def say(self, word: str) -> None:
        """A line for its standard input; where it has ended nobody hears it."""
        assert self._process.stdin
        with self._writing, suppress(OSError, ValueError):
            self._process.stdin.write(f"{word}\n".encode())
            self._process.stdin.flush()

    def hang_up(self) -> None:
        """End its input: to the trainer that means to stop after the step at hand."""
        assert self._process.stdin
        with self._writing, suppress(OSError, ValueError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        with suppress(OSError):
            self._process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | _BELOW_NORMAL_PRIORITY_CLASS
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            process_group=0,  # as the separating process has, and for its reasons
            creationflags=flags,
        )
        if sys.platform != "win32":
            # At the app's own priority training stalls the interface and the sound.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
        return process

    def _read(self, log: threading.Thread) -> None:
        assert self._process.stdout
        with self._process.stdout as lines:
            for line in lines:
                self._on_line(line)
        status = self._process.wait()
        log.join(1.0)
        self.hang_up()
        self._on_end(status)

    def _keep_log(self) -> None:
        assert self._process.stderr
        with self._process.stderr as errors:
            while piece := os.read(errors.fileno(), LOG_BYTES):
                self._log += piece
                del self._log[:-LOG_BYTES]


def environment() -> dict[str, str]:
    """Of a child that trains or loads networks: it must find the same packages."""
    # Where it is installed the child finds it by itself, as it does the standard library first.
    if getattr(sys, "frozen", False) or str(_ROOT) in sysconfig.get_paths().values():
        return dict(os.environ)
    search = [*map(str, _SOURCE_ROOTS), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search))}
