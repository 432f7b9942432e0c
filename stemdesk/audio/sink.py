"""A file for libsndfile to write to that remembers why the disk refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stemdesk.files import write_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Sink:
    """Stands between libsndfile's callbacks and a new file.

    An exception may not cross a C callback, and libsndfile reports a short write without its
    reason. So the first error is kept, everything after it is swallowed, and `check` raises.

    Args:
        path: The file to create or replace.

    Raises:
        UserError: The file cannot be created.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._error: OSError | None = None
        try:
            self._file = path.open("w+b")
        except OSError as error:
            raise write_refusal(path, error) from error

    def check(self) -> None:
        """Raises the UserError for the first failed operation, if there was one."""
        if self._error is not None:
            raise write_refusal(self._path, self._error) from self._error

    def write(self, data: bytes) -> int:
        """Writes all of `data`, or keeps the error."""
        if self._error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self._error = error
        return len(data)

    def readinto(self, buffer: bytearray) -> int:
        """Reads back what was written (libsndfile does so to finish an MP3)."""
        return self._attempt(lambda: self._file.readinto(buffer))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves the position and returns it."""
        return self._attempt(lambda: self._file.seek(offset, whence))

    def tell(self) -> int:
        """The position."""
        return self._attempt(self._file.tell)

    def close(self) -> None:
        """Flushes and closes; ask `check` afterwards."""
        try:
            self._file.close()
        except OSError as error:
            self._error = self._error or error

    def _attempt(self, action: Callable[[], int]) -> int:
        if self._error is None:
            try:
                return action()
            except OSError as error:
                self._error = error
        return 0
