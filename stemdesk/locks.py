"""Locks of the operating system: nothing that a dead process leaves behind ever blocks."""

from __future__ import annotations

import errno
import os
import sys

_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


def try_lock(handle: int, byte: int = 0) -> bool:
    """Lock an open file for as long as it stays open; False where somebody else has it.

    On a file system without locks (ENOLCK, ENOTSUP) everybody is let in, as if there were none.

    Args:
        handle: number of the open file.
        byte: on Windows the one that is locked, where nobody else can then read it; elsewhere the
            whole file is.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, byte, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
