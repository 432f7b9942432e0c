"""A client of the engine, for scripts and for the command line; needs no torch."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

from stemdesk.app.engine.info import EngineInfo, info_path, read_info
from stemdesk.app.engine.rpc import USER_ERROR, encode, request
from stemdesk.errors import Cancelled, UserError
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

HANDSHAKE_SECONDS = 5.0
ANSWER_SECONDS = 180.0
"""Longer than the slowest answer, that of `devices`, may take."""
_PIECE_BYTES = 65_536


class EngineRefusal(UserError):
    """The engine does not understand a call.

    Args:
        code: of JSON-RPC.
        message: one sentence.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"The engine refuses this ({message})", "see plugins/ENGINE.md")
        self.code = code


class EngineClient:
    """One connection; its methods belong to one thread and wait for their answers.

    Args:
        info: which engine.

    Attributes:
        info: the same.
        notifications: what the engine told unasked, as (method, params), oldest first.

    Raises:
        UserError: it does not answer, or is another.
    """

    def __init__(self, info: EngineInfo) -> None:
        self.info = info
        self.notifications: deque[tuple[str, dict[str, Any]]] = deque()
        self._buffer = bytearray()
        self._last_id = 0
        self._socket = _connected(info)
        try:
            greeting = self.call("auth", token=info.token)
            if greeting["pid"] != info.pid:
                raise _gone(info)
        except (UserError, KeyError, TypeError) as error:
            self.close()
            raise _gone(info) from error
        self._socket.settimeout(ANSWER_SECONDS)

    @classmethod
    def connect(cls) -> Self:
        """A client of the engine that runs for this user.

        Raises:
            UserError: none runs.
        """
        info = read_info()
        if info is None:
            raise UserError("No engine runs", "start one with 'stemdesk engine'")
        return cls(info)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def call(self, method: str, **params: Any) -> Any:
        """The result of a method.

        Raises:
            UserError: the engine refuses it, or has gone.
        """
        self._last_id += 1
        with suppress(OSError):  # where it has gone, reading tells
            self._socket.sendall(encode(request(method, params, self._last_id)))
        while True:
            message = self._next()
            if "method" in message:
                self.notifications.append((message["method"], message.get("params", {})))
            elif message.get("id") in (self._last_id, None):
                return _result(message)

    def wait(self, job: int, report: Callable[[dict[str, Any]], None] | None = None) -> Any:
        """The result of a job, once it has ended.

        Args:
            job: its number.
            report: told where it stands, some times a second.

        Raises:
            Cancelled: somebody stopped it.
            UserError: it failed, or the engine has gone.
        """
        told = self.call("watch", job=job)
        while told["state"] not in ("done", "failed", "cancelled"):
            if report:
                report(told)
            told = self._next_about(job)
        if report:
            report(told)
        if told["state"] == "cancelled":
            raise Cancelled
        if told["error"] is not None:
            raise UserError(told["error"]["problem"], told["error"]["remedy"])
        return told["result"]

    def close(self) -> None:
        """Hang up; the engine and its jobs go on."""
        self._socket.close()

    def _next_about(self, job: int) -> dict[str, Any]:
        self._socket.settimeout(None)  # a long queue may be before it
        try:
            while True:
                if self.notifications:
                    _, told = self.notifications.popleft()
                else:
                    told = self._next().get("params", {})
                if told.get("job") == job:
                    return told
        finally:
            self._socket.settimeout(ANSWER_SECONDS)

    def _next(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            try:
                piece = self._socket.recv(_PIECE_BYTES)
            except OSError as error:
                raise _gone(self.info) from error
            if not piece:
                raise _gone(self.info)
            self._buffer += piece
        line, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        try:
            message = read_json(bytes(line), names=True)
        except Unreadable as error:
            raise _gone(self.info) from error
        if not isinstance(message, dict):
            raise _gone(self.info)  # somebody else listens there now
        return message


def running_engine() -> EngineInfo | None:
    """The engine that answers under the address in the file; None if none does."""
    info = read_info()
    if info is None:
        return None
    try:
        EngineClient(info).close()
    except UserError:
        return None
    return info


def wait_for_end(info: EngineInfo, patience_seconds: float) -> bool:
    """Whether an engine has taken its file away, waiting for it at most so long."""
    until = time.monotonic() + patience_seconds
    while read_info() == info:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _connected(info: EngineInfo) -> socket.socket:
    if not _is_alive(info.pid):
        raise _gone(info)
    try:
        return socket.create_connection((info.host, info.port), HANDSHAKE_SECONDS)
    except OSError as error:
        raise _gone(info) from error


def _is_alive(pid: int) -> bool:
    """Whether there is such a process; where that cannot be asked, the handshake will tell."""
    if sys.platform == "win32":  # to ask would be to interrupt it
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _gone(info: EngineInfo) -> UserError:
    return UserError(
        f"The engine at {info.address} (process {info.pid}) does not answer",
        f"start another with 'stemdesk engine'; {info_path()} is left from it",
    )


def _result(message: dict[str, Any]) -> Any:
    error = message.get("error")
    if error is None:
        return message["result"]
    if error["code"] == USER_ERROR:
        raise UserError(error["data"]["problem"], error["data"]["remedy"])
    raise EngineRefusal(error["code"], error["message"])
