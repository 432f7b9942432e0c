"""The lock of a project's folder: one StemDesk at a time writes there."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import write_refusal
from stemdesk.locks import try_lock
from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from pathlib import Path

LOCK_FILE = "lock"
# Windows forbids everybody else to read what is locked, so a byte far behind the text is.
_LOCKED_BYTE = 1 << 20
_TRIES = 3
_PAUSE_SECONDS = 0.02
_NO_RIGHTS = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True)
class Holder:
    """Who has a project open.

    Attributes:
        host: name of the machine.
        pid: number of the process there.
        since: when it was opened, with its time zone; None where that is not known.
    """

    host: str
    pid: int
    since: datetime | None


class ProjectLocked(UserError):
    """Another StemDesk has the project open.

    Args:
        name: the project's.
        holder: who; None where the lock does not say.
    """

    def __init__(self, name: str, holder: Holder | None) -> None:
        who = "" if holder is None else f" on {holder.host} (process {holder.pid}{_since(holder)})"
        super().__init__(
            f"{name} is open in another StemDesk{who}",
            "close it there, open it read-only, or open a copy",
        )
        self.holder = holder


class FolderLock:
    """Holds a folder's lock from its making to :meth:`release`, or the end of the process.

    The operating system holds it, so nothing that a dead process leaves behind ever blocks. On a
    file system without locks everybody is let in, as if there were none.

    Args:
        folder: of the project.

    Raises:
        ProjectLocked: somebody else holds it, this process included.
        UserError: nothing can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE
        try:
            self._handle = _acquired(self._path)
            if self._handle is None:
                raise ProjectLocked(folder.stem, _holder(self._path))
            _write_holder(self._handle)
        except OSError as error:
            raise write_refusal(self._path, error) from error

    def release(self) -> None:
        """Give the lock back; twice does no harm."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        if sys.platform == "win32":
            os.close(handle)  # an open file cannot be removed there
            _remove(self._path)
        else:
            # Removed while still held: whoever opened the file before gets the lock of a file
            # that is gone, sees that, and tries again.
            if _is_same(handle, self._path):
                _remove(self._path)
            os.close(handle)


def lock_if_writable(folder: Path) -> FolderLock | None:
    """The folder's lock; None on a disk, or with rights, that allow reading only.

    Raises:
        ProjectLocked: somebody else holds it.
        UserError: the disk is full or broken.
    """
    try:
        return FolderLock(folder)
    except ProjectLocked:
        raise
    except UserError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in _NO_RIGHTS:
            return None
        raise


def is_locked(folder: Path) -> bool:
    """Whether a live process has the project open."""
    path = folder / LOCK_FILE
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not try_lock(handle, _LOCKED_BYTE)
    finally:
        os.close(handle)


def _acquired(path: Path) -> int | None:
    """An open and locked file; None where somebody else has it."""
    refusals = 0
    while refusals < _TRIES:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not try_lock(handle, _LOCKED_BYTE):
            # :func:`is_locked` of another process holds it for an instant as well.
            refusals += 1
            time.sleep(_PAUSE_SECONDS)
        elif _is_same(handle, path):
            return handle
        os.close(handle)
    return None


def _is_same(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _write_holder(handle: int) -> None:
    now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    who = {"host": socket.gethostname(), "pid": os.getpid(), "since": now}
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(who).encode())


def _holder(path: Path) -> Holder | None:
    try:
        who = read_json(file_bytes(path), names=True)
        return Holder(str(who["host"]), int(who["pid"]), datetime.fromisoformat(who["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # taken this instant, and not yet signed


def _since(holder: Holder) -> str:
    return "" if holder.since is None else f", since {holder.since:%Y-%m-%d %H:%M}"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return  # on Windows somebody has opened it in between: it is theirs now
