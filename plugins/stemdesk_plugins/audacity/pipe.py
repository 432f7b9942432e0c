"""The pipe of Audacity's mod-script-pipe: a command goes in, its answer comes out.

After the module's documentation (Audacity manual, Scripting): two pipes, `ToSrvPipe` and
`FromSrvPipe` on Windows, two FIFOs in /tmp with the user's number elsewhere; an answer ends with
`BatchCommand finished: OK` or `Failed!` and an empty line. Where Audacity opens a dialog, it does
not answer before that is closed.
"""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path
from typing import Any, Protocol

from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Unreadable
from stemdesk.parsing.json_text import read_json

OK = "BatchCommand finished: OK"
_END = "BatchCommand finished:"
ANSWER_SECONDS = 600.0
QUESTION_SECONDS = 10.0
_OPEN_SECONDS = 5.0
_NOT_THERE = UserError(
    "Audacity does not answer",
    "start it; if it runs, close it, run `stemdesk plugins install audacity`, and start it again",
)


class Ends(Protocol):
    """The two ends of the pipe that are ours."""

    def write(self, data: bytes) -> None:
        """Send."""

    def read(self, until: float) -> bytes:
        """What has come, waiting for something until then (`time.monotonic`); empty is the end."""

    def close(self) -> None:
        """Close both."""


class Fifos:
    """Those of Linux and macOS.

    Raises:
        UserError: Nobody is at the other end.
    """

    newline = b"\n"

    def __init__(self, folder: Path = Path("/tmp"), user: int | None = None) -> None:
        user = os.getuid() if user is None else user
        to, back = (folder / f"audacity_script_pipe.{way}.{user}" for way in ("to", "from"))
        for path in (to, back):
            if not (path.exists() and _is_our_fifo(path)):
                raise _NOT_THERE
        self._to = _opened_to_write(to)
        self._back = os.open(back, os.O_RDONLY | os.O_NONBLOCK)

    def write(self, data: bytes) -> None:
        """Send; the other end reads a command whole."""
        os.set_blocking(self._to, True)
        while data:
            data = data[os.write(self._to, data) :]

    def read(self, until: float) -> bytes:
        """See :class:`Ends`."""
        while (left := until - time.monotonic()) > 0.0:
            ready, _, _ = select.select([self._back], [], [], min(left, 0.1))
            if not ready:
                continue
            try:
                data = os.read(self._back, 1 << 16)
            except BlockingIOError:
                continue
            if data:
                return data
            time.sleep(0.01)  # nobody has opened the other end yet
        raise TimeoutError

    def close(self) -> None:
        """See :class:`Ends`."""
        os.close(self._to)
        os.close(self._back)


class NamedPipes:
    """Those of Windows.

    Raises:
        UserError: There are none.
    """

    newline = b"\r\n\0"

    def __init__(self) -> None:
        try:
            self._to = open(r"\\.\pipe\ToSrvPipe", "wb", buffering=0)  # noqa: PTH123, SIM115
            self._back = open(r"\\.\pipe\FromSrvPipe", "rb", buffering=0)  # noqa: PTH123, SIM115
        except OSError as error:
            raise _NOT_THERE from error

    def write(self, data: bytes) -> None:
        """Send."""
        self._to.write(data)

    def read(self, until: float) -> bytes:  # noqa: ARG002 - these pipes cannot be waited on
        """See :class:`Ends`."""
        return self._back.read(1 << 16) or b""

    def close(self) -> None:
        """See :class:`Ends`."""
        self._to.close()
        self._back.close()


class Audacity:
    """A running Audacity.

    Args:
        ends: our ends of its pipe.
        answer_seconds: how long a command may take.
    """

    def __init__(
        self, ends: Fifos | NamedPipes | None = None, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        opened = ends if ends is not None else _ends()
        self._ends: Ends = opened
        self._newline = opened.newline
        self._answer_seconds = answer_seconds

    def do(self, command: str, **parameters: str | float) -> list[str]:
        """Run a command; the lines of its answer.

        Args:
            command: its name in Audacity, without the colon.
            parameters: their values; text is quoted.

        Raises:
            UserError: It failed, or Audacity waits for its user.
        """
        words = [f"{command}:"]
        words += [f"{name}={_quoted(value)}" for name, value in parameters.items()]
        self._ends.write(" ".join(words).encode("utf-8") + self._newline)
        lines = self._answer(command)
        if OK not in lines:
            said = " ".join(line for line in lines if line and not line.startswith(_END))
            raise UserError(
                f"Audacity refused {command} ({said or 'without a reason'})",
                "stop playback and recording in it, and try again",
            )
        return [line for line in lines if line and not line.startswith(_END)]

    def info(self, kind: str) -> Any:
        """What `GetInfo` says, such as of Tracks.

        `kind` must be one that it knows: for any other, Audacity opens a dialog and stands still.
        """
        try:
            return read_json("\n".join(self.do("GetInfo", Type=kind, Format="JSON")), names=True)
        except Unreadable as error:
            raise UserError(
                f"Audacity's answer cannot be read ({error})", "restart it, and try again"
            ) from error

    def preference(self, name: str) -> str | None:
        """A preference; None where it was never set."""
        try:
            return "\n".join(self.do("GetPreference", Name=name))
        except UserError:
            return None

    def close(self) -> None:
        """Let go of the pipe."""
        self._ends.close()

    def _answer(self, command: str) -> list[str]:
        # What it is asked for takes no time; imports and exports take what they take.
        asked = command == "GetInfo"
        until = time.monotonic() + (QUESTION_SECONDS if asked else self._answer_seconds)
        data = b""
        while True:
            try:
                piece = self._ends.read(until)
            except TimeoutError as error:
                raise UserError(
                    f"Audacity does not answer to {command}",
                    "look whether it shows a question, answer that, and try again",
                ) from error
            if not piece:
                raise UserError("Audacity has gone", "start it again")
            data += piece
            lines = data.replace(b"\0", b"").decode("utf-8", "replace").splitlines()
            # The answer's last line is empty, and so may others be.
            ended = [at for at, line in enumerate(lines) if line.startswith(_END)]
            if ended and data.endswith((b"\n\n", b"\r\n\r\n", b"\n\0", b"\n\r\n")):
                return lines


def _ends() -> Fifos | NamedPipes:
    return NamedPipes() if os.name == "nt" else Fifos()


def _is_our_fifo(path: Path) -> bool:
    """Whether it is a FIFO of this user: /tmp belongs to everyone."""
    found = path.lstat()
    return stat.S_ISFIFO(found.st_mode) and found.st_uid == os.getuid()


def _opened_to_write(path: Path) -> int:
    """The FIFO, which cannot be opened before Audacity reads it."""
    until = time.monotonic() + _OPEN_SECONDS
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if time.monotonic() > until:
                raise _NOT_THERE from error
        time.sleep(0.05)


def _quoted(value: str | float) -> str:
    if not isinstance(value, str):
        return repr(value)
    # Audacity reads `\"` and `\\` inside quotes as one character.
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
