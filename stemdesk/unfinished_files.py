"""A journal of the files and folders a process is writing, so that a kill leaves nothing for good.

Every process that writes keeps one small file under `data_dir()/unfinished`, locked for as long as
the process lives: a line for each hidden name it has begun, and one when that is done. The next
StemDesk that starts finds the journals of dead processes and removes what they had begun.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from stemdesk.locks import try_lock
from stemdesk.paths import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTIAL_SUFFIX = ".partial"
# Behind everything written: on Windows a locked byte cannot be read by others.
_LOCKED_BYTE = 1 << 30
_KEPT_SECONDS = 30 * 24 * 3600


def unfinished_dir() -> Path:
    """Where the journals lie."""
    return data_dir() / "unfinished"


class _Journal:
    """That of this process; where it cannot be kept, nothing is noted and all goes on."""

    def __init__(self) -> None:
        self._handle: int | None = None  # open until the process ends, with the lock
        self._place: Path | None = None
        self._pid = 0
        self._open: set[Path] = set()
        self._turn = threading.Lock()

    def begin(self, path: Path) -> None:
        with self._turn, suppress(OSError):
            if self._place is None or self._pid != os.getpid() or self._place.parent != _place():
                self._start()
            self._open.add(path)
            self._write("+", path)

    def end(self, path: Path) -> None:
        with self._turn, suppress(OSError):
            if path not in self._open:
                return
            self._open.discard(path)
            self._write("-", path)
            if not self._open and self._handle is not None:
                os.truncate(self._handle, 0)

    def is_own(self, journal: Path) -> bool:
        return journal == self._place and self._pid == os.getpid()

    def _start(self) -> None:
        folder = _place()
        folder.mkdir(parents=True, exist_ok=True)
        self._open, self._pid = set(), os.getpid()
        self._place = folder / f"{self._pid}-{secrets.token_hex(4)}.jsonl"
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)  # of another home, or of the process that forked
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._handle = os.open(self._place, flags, 0o600)
        try_lock(self._handle, _LOCKED_BYTE)

    def _write(self, sign: str, path: Path) -> None:
        if self._handle is not None:
            os.write(self._handle, json.dumps([sign, str(path)]).encode() + b"\n")


_journal = _Journal()


def _place() -> Path:
    return unfinished_dir().absolute()


@contextmanager
def unfinished(path: Path) -> Iterator[None]:
    """Note that `path`, a hidden name ending in `.partial`, is being written within."""
    place = path.absolute()
    _journal.begin(place)
    try:
        yield
    finally:
        _journal.end(place)


def sweep_unfinished() -> list[Path]:
    """Remove what processes that were killed had begun; returns what was removed.

    What lies on a disk that is not there now is looked for again at the next start.
    """
    removed: list[Path] = []
    for journal in sorted(unfinished_dir().absolute().glob("*.jsonl")):
        if _journal.is_own(journal):
            continue
        with suppress(OSError):
            removed += _sweep(journal)
    return removed


def _sweep(journal: Path) -> list[Path]:
    with journal.open("r+b") as file:
        if not _is_left_behind(file, journal):
            return []
        begun = _begun(file.read())
        age_seconds = time.time() - os.fstat(file.fileno()).st_mtime
    removed = [path for path in begun if _removed(path)]
    is_away = any(not path.parent.exists() for path in begun)
    if not (is_away and age_seconds < _KEPT_SECONDS):
        journal.unlink(missing_ok=True)
    return removed


def _is_left_behind(file: IO[bytes], journal: Path) -> bool:
    """Whether the process that keeps a journal is gone; it is locked from then on."""
    if not try_lock(file.fileno(), _LOCKED_BYTE):
        return False
    with journal.open("r+b") as again:
        if not try_lock(again.fileno(), _LOCKED_BYTE):
            return True
    # A disk without locks, which lets everybody in: ask for the process.
    number = journal.name.partition("-")[0]
    return os.name == "posix" and number.isdecimal() and not _is_alive(int(number))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _begun(data: bytes) -> list[Path]:
    """What was begun and not ended; a line that the kill cut is none."""
    begun: dict[Path, None] = {}
    for line in data.splitlines():
        try:
            sign, name = json.loads(line)
            path = Path(name)
        except (ValueError, TypeError, RecursionError):
            continue
        if sign == "+":
            begun[path] = None
        else:
            begun.pop(path, None)
    return list(begun)


def _removed(path: Path) -> bool:
    """Remove a file or folder with a name as unfinished ones have it, and no other."""
    if not (path.name.startswith(".") and path.name.endswith(PARTIAL_SUFFIX)):
        return False
    if path.is_symlink() or not path.exists():
        return False
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
    return not path.exists()
