"""Copies of large files: hashed on the way, with progress, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[[float, str], None]

_PIECE_BYTES = 1 << 20


def silent(fraction: float, stage: str) -> None:
    """Progress that nobody asked for."""


def copy_hashed(source: Path, target: Path, report: Report = silent) -> str:
    """Write the bytes of `source` to `target`, in one pass.

    Args:
        source: any file.
        target: a temporary name; its owner removes it when this fails.
        report: told the fraction done and the stage; what it raises ends the copy.

    Returns:
        The SHA-256 of what was copied, as 64 lower-case hexadecimal digits.

    Raises:
        UserError: the one cannot be read, or the other not be written.
    """
    digest = hashlib.sha256()
    done_bytes = 0
    try:
        reading = source.open("rb")
        size_bytes = max(os.fstat(reading.fileno()).st_size, 1)
    except OSError as error:
        raise read_refusal(source, error) from error
    with reading:
        try:
            writing = target.open("xb")
        except OSError as error:
            raise write_refusal(target, error) from error
        with writing:
            while piece := _read(reading.read, source):
                digest.update(piece)
                _write(writing.write, piece, target)
                done_bytes += len(piece)
                report(min(done_bytes / size_bytes, 1.0), f"Copying {source.name}")
            try:
                writing.flush()
            except OSError as error:
                raise write_refusal(target, error) from error
    return digest.hexdigest()


def copy_whole(source: Path, target: Path, report: Report = silent) -> None:
    """Copy a file to a name that it takes only when all of it is there.

    Raises:
        UserError: as for :func:`copy_hashed`.
    """
    with atomic_path(target) as partial:
        copy_hashed(source, partial, report)


def link_or_copy(source: Path, target: Path, report: Report = silent) -> None:
    """The same bytes under a second name; on the same disk this takes no time and no space.

    For files that nobody changes in place.

    Raises:
        UserError: as for :func:`copy_hashed`.
    """
    try:
        os.link(source.resolve(), target)
    except OSError as error:
        if error.errno == errno.EEXIST:
            raise write_refusal(target, error) from error
        copy_whole(source, target, report)
    report(1.0, f"Copying {source.name}")


def sync_folder(folder: Path) -> None:
    """Make new names in a folder last through a power cut, where the system can be asked to."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_refusal(path: Path, error: OSError) -> UserError:
    """The sentence for an operating-system error met while reading `path`."""
    if isinstance(error, FileNotFoundError):
        return UserError(f"There is no file {path}", "find it, or leave it out")
    return UserError(
        f"{path} cannot be read ({error.strerror or error})",
        "check the disk and your rights to the file",
    )


def _read(read: Callable[[int], bytes], path: Path) -> bytes:
    try:
        return read(_PIECE_BYTES)
    except OSError as error:
        raise read_refusal(path, error) from error


def _write(write: Callable[[bytes], int], piece: bytes, path: Path) -> None:
    try:
        write(piece)
    except OSError as error:
        raise write_refusal(path, error) from error
