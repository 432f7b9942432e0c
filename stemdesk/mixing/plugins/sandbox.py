"""A plug-in's process, seen from the mixer: started, asked with a time limit, ended."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
import weakref
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from stemdesk.mixing.plugins import HOST_FLAG, faults
from stemdesk.mixing.plugins.starter import STARTER
from stemdesk.mixing.plugins.watchdog import WATCHDOG, end_now
from stemdesk.mixing.plugins.wire import Frame, Kind, Wire, WireError
from stemdesk.processes import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

_LOG_BYTES = 16_384
_PIECE_BYTES = 65_536
_GOODBYE_SECONDS = 1.0


def host_command() -> list[str]:
    """How to start the program in which a plug-in lives.

    A frozen application has no interpreter to give a module to: it is started once more with
    `HOST_FLAG`, which `stemdesk.__main__` hands over before it does anything else.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, HOST_FLAG]
    # -P: a file numpy.py in the current folder must not become the child's numpy.
    return [sys.executable, "-P", "-m", "stemdesk.mixing.plugins.host"]


class Sandbox:
    """One child process with one plug-in in it.

    Only one thread at a time may use it, but :meth:`end`, :meth:`kill` and :attr:`log` are for
    any.

    Args:
        name: of the plug-in, for the sentences.

    Raises:
        PluginFault: the system starts no more processes.

    Attributes:
        loading: whether faults are told as such of loading; the owner ends it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.loading = True
        try:
            self._process = STARTER.start(partial(_started, host_command()))
        except OSError as error:
            raise faults.refused(name, error.strerror or str(error), loading=True) from error
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        self._wire = Wire(self._process.stdout, self._process.stdin)
        self._is_interrupted = False
        self._log = bytearray()
        self._reader = threading.Thread(
            target=_keep_tail, args=(self._process.stderr, self._log), daemon=True
        )
        self._reader.start()
        self._deadline = WATCHDOG.watch(self._process)
        self._finalizer = weakref.finalize(self, _end, self._process)

    @property
    def process_id(self) -> int:
        """Of the child."""
        return self._process.pid

    @property
    def log(self) -> str:
        """The last of what the plug-in printed."""
        return bytes(self._log).decode(errors="replace")

    def tell(self, frame: Frame, patience_seconds: float) -> None:
        """Send a frame that has no answer.

        Raises:
            PluginFault: the process has ended, or does not even listen.
        """
        with self._limit(patience_seconds):
            self._wire.send(replace(frame, patience_seconds=patience_seconds))

    def ask(self, frame: Frame, patience_seconds: float) -> Frame:
        """Send a frame and wait for its answer; the process is ended if that takes too long.

        Raises:
            PluginFault: it crashed, hung, or answered with an error.
        """
        with self._limit(patience_seconds):
            self._wire.send(replace(frame, patience_seconds=patience_seconds))
            answer = self._wire.receive()
        if answer.kind is Kind.ERROR:
            text = str(answer.header.get("error", ""))
            raise faults.refused(self.name, text, loading=self.loading)
        return answer

    def request(self, patience_seconds: float, do: str, **header: Any) -> dict[str, Any]:
        """Ask for something whose answer has no body; as :meth:`ask`."""
        return self.ask(Frame(Kind.REQUEST, {"do": do, **header}), patience_seconds).header

    @contextlib.contextmanager
    def _limit(self, patience_seconds: float) -> Iterator[None]:
        if self._is_interrupted:
            raise self._crash()
        self._deadline.at = time.monotonic() + patience_seconds
        try:
            yield
        except WireError as error:
            if self._deadline.has_struck:
                raise faults.hung(self.name, patience_seconds, loading=self.loading) from error
            raise self._crash() from error
        except BaseException:  # Ctrl-C: the answer that is on its way must not pass for the next
            self._is_interrupted = True
            end_now(self._process)
            raise
        finally:
            self._deadline.at = None

    def _crash(self) -> faults.PluginFault:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_SECONDS)
        status = self._process.poll()
        log.warning("the process %d of a plug-in ended with status %s", self.process_id, status)
        return faults.crashed(self.name, status, loading=self.loading)

    def close(self) -> None:
        """End the process, kindly if it still listens."""
        if self._finalizer.alive:
            with contextlib.suppress(OSError):
                self._process.stdin.close()  # type: ignore[union-attr]
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GOODBYE_SECONDS)
        self.kill()

    def end(self) -> None:
        """End the process and wait for nothing; whoever waits for its answer is told of it."""
        end_now(self._process)

    def kill(self) -> None:
        """End the process at once."""
        self._finalizer()
        self._reader.join(_GOODBYE_SECONDS)


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    no_console = 0
    if sys.platform == "win32":
        no_console = subprocess.CREATE_NO_WINDOW
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        # A session of its own: what the plug-in starts can be ended with it, and Ctrl-C in the
        # terminal is for the mixer alone.
        start_new_session=True,
        creationflags=no_console,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    WATCHDOG.forget(process)
    end_now(process)
    with contextlib.suppress(subprocess.TimeoutExpired):  # held by the system, for a while
        process.wait(_GOODBYE_SECONDS)
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            stream.close()  # type: ignore[union-attr]


def _keep_tail(stream: Any, tail: bytearray) -> None:
    with stream:
        while piece := os.read(stream.fileno(), _PIECE_BYTES):
            tail += piece
            del tail[:-_LOG_BYTES]
