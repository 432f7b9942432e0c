"""A folder that takes its name only when all is in it."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import write_refusal
from stemdesk.unfinished_files import PARTIAL_SUFFIX, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Yields a hidden folder beside the final one, which takes its name when all went well.

    A folder that is there is never replaced, unless it is empty: what somebody made in a DAW after
    an earlier export lies in it.

    Args:
        final: the folder to appear, in one step.

    Yields:
        A folder to fill; on any exception it is removed with all that is in it.

    Raises:
        UserError: a file or a folder has that name, or the system refuses the new one.
    """
    if final.is_symlink() or (final.exists() and not (final.is_dir() and _is_empty(final))):
        raise UserError(f"{final} is there already", "choose another name, or move it away")
    partial = final.with_name(f".{secrets.token_hex(6)}{PARTIAL_SUFFIX}")
    with unfinished(partial), _taking_its_name(partial, final):
        yield partial


@contextmanager
def _taking_its_name(partial: Path, final: Path) -> Iterator[None]:
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise write_refusal(final, error) from error
    try:
        yield
        try:
            _sync_below(partial)
            if final.is_dir():
                final.rmdir()
            partial.rename(final)
            _sync(final.parent)
        except OSError as error:
            raise write_refusal(final, error) from error
    except OSError as error:
        raise write_refusal(final, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


def _sync_below(folder: Path) -> None:
    """Bring everything to the disk before the name says that it is whole."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    # Windows flushes files only through a writable handle, and opens no folders.
    if os.name == "posix" or path.is_file():
        handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
