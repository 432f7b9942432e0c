"""The log: what StemDesk did, for reports, in a file that all its processes share.

Everything logs through the loggers of the standard library, by the names of the modules. Programs
call :func:`start_logging`; the library writes nothing unless its user asks the loggers to. At the
default level no name of a song is written: messages of INFO and above hold none, and of exceptions
only what cannot be one. With ``--verbose`` all is written, to standard error too.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.locks import try_lock
from stemdesk.paths import state_dir

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 1 << 19
OLDER_FILES = 3
SHOWN_LINES = 60
PACKAGES = ("stemdesk", "stemdesk_training", "stemdesk_models", "stemdesk_plugins")
VERBOSE = "STEMDESK_VERBOSE"
"""Set for the children of a program that was asked for details."""

_LOCK_SECONDS = 0.5
_HIDDEN = "[...]"
_NAMES = (
    re.compile(r"""'[^'\n]*'|"[^"\n]*"|“[^”\n]*”|«[^»\n]*»"""),
    re.compile(r"\S*[/\\].*"),  # a path, whose end nobody knows
    re.compile(r"[^\n:]*\.[A-Za-z][A-Za-z0-9]{1,9}\b"),  # what ends like the name of a file
)


def log_path() -> Path:
    """The newest file of the log; older ones beside it end in .1, .2 and so on."""
    return state_dir() / "stemdesk.log"


def start_logging(program: str, *, verbose: bool = False) -> None:
    """Write the log from here on; to be called once in every process.

    Args:
        program: what this process is, for its lines.
        verbose: write details and names too, and show all of it on standard error.
    """
    verbose = verbose or bool(os.environ.get(VERBOSE))
    handlers: list[logging.Handler] = [_SharedFile(program)]
    if verbose:
        os.environ[VERBOSE] = "1"
        handlers.append(_StandardError())
    formatter = _Formatter(program, is_private=not verbose)
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG if verbose else logging.INFO)
        for old in logger.handlers[:]:
            logger.removeHandler(old)
        for handler in handlers:
            handler.setFormatter(formatter)
            logger.addHandler(handler)


def recent_lines(count: int = SHOWN_LINES) -> str:
    """The last lines of the log, for a report; empty where there is none."""
    try:
        with log_path().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 400 * count))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])


def with_log(text: str) -> str:
    """A report with the last lines of the log behind it."""
    lines = recent_lines()
    return f"{text.rstrip()}\n\nLog ({log_path().name}):\n{lines}" if lines else text


def without_names(text: str) -> str:
    """A message of a library with everything hidden that may be the name of a song or a folder."""
    for pattern in _NAMES:
        text = pattern.sub(_HIDDEN, text)
    return text


class _Formatter(logging.Formatter):
    def __init__(self, program: str, *, is_private: bool) -> None:
        super().__init__(
            f"%(asctime)s.%(msecs)03d %(process)d {program} %(levelname)s %(name)s: %(message)s",
            "%Y-%m-%d %H:%M:%S",
        )
        self._is_private = is_private

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        error: BaseException = ei[1]  # type: ignore[index]
        if not self._is_private:
            return "".join(traceback.format_exception(error)).rstrip()
        return "\n".join(_private_lines(error))

    def format(self, record: logging.LogRecord) -> str:
        # Another handler's text may have been kept in the record.
        record.exc_text = None
        text = super().format(record)
        return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def _private_lines(error: BaseException) -> list[str]:
    """Where an exception and its causes were raised, and what they say but for names."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        for frame in traceback.extract_tb(cause.__traceback__):
            place = "/".join(frame.filename.replace("\\", "/").split("/")[-3:])
            lines.append(f"  {place}:{frame.lineno} in {frame.name}")
        kind = type(cause).__name__
        said = "" if isinstance(cause, UserError) else without_names(str(cause))
        lines.append(f"  {kind}: {said}" if said else f"  {kind}")
        cause = cause.__cause__ or cause.__context__
    return lines


class _SharedFile(logging.Handler):
    """A file that many processes write to, and that whoever finds it long renames.

    It is opened for every record, so that nobody holds what another renames; a log that cannot be
    written stops nobody's work.
    """

    def __init__(self, program: str) -> None:
        super().__init__()
        self.set_name(program)

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            path = log_path()
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if _lock(lock) and path.exists() and path.stat().st_size > MOST_BYTES:
                    _rotate(path)
                _append(path, line)
            finally:
                os.close(lock)


class _StandardError(logging.Handler):
    """Whatever standard error is just now."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.stderr is not None:
            with suppress(OSError, ValueError):
                print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201 - its purpose


def _lock(handle: int) -> bool:
    """Whether the log is ours for now; a process that hangs must not make others wait for ever."""
    end = time.monotonic() + _LOCK_SECONDS
    while not try_lock(handle):
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def _rotate(path: Path) -> None:
    for number in range(OLDER_FILES, 0, -1):
        newer = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
        if newer.exists():
            newer.replace(path.with_name(f"{path.name}.{number}"))


def _append(path: Path, line: bytes) -> None:
    handle = os.open(
        path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        os.write(handle, line)
    finally:
        os.close(handle)
