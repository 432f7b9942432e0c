"""Opening what the user named: everything that can be wrong before a decoder looks at it."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


def open_source(path: Path) -> BinaryIO:
    """Opens a regular, non-empty file for reading.

    The handle carries no name, so that soundfile and libsndfile judge by content alone: by name
    they would take "x.raw" and "x.vox" for headerless samples.

    Raises:
        UserError: Missing, a folder, empty, unreadable, or a name no file can have.
    """
    _check(path)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise _refusal(path, error) from error
    return os.fdopen(handle, "rb")


def _check(path: Path) -> None:
    if "\0" in str(path):
        raise UserError("A file name cannot contain a zero byte", "give another name")
    try:
        status = path.stat()
    except OSError as error:
        raise _refusal(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        raise UserError(f"{path} is a folder", "name an audio file")
    if not stat.S_ISREG(status.st_mode):
        raise UserError(
            f"{path} is a device or a pipe, not a file", "save the audio to a file first"
        )
    if status.st_size == 0:
        raise UserError(f"{path} is empty (0 bytes)", "export or copy it again")


def _refusal(path: Path, error: OSError) -> UserError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UserError(f"{path} does not exist", "check the name and the folder")
    if isinstance(error, PermissionError):
        return UserError(f"{path} may not be read", "give yourself permission to read it")
    return UserError(
        f"{str(path)[:80]} cannot be opened ({error.strerror or error})",
        "check the name, or copy the file to another place",
    )
