"""A new folder for a project, under its name only when all is in it."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import write_refusal
from stemdesk.project.copying import sync_folder
from stemdesk.project.lock import FolderLock
from stemdesk.project.store import FOLDER_SUFFIX
from stemdesk.unfinished_files import PARTIAL_SUFFIX, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def with_suffix(folder: Path) -> Path:
    """The folder's path with the suffix that projects have."""
    if folder.name.lower().endswith(FOLDER_SUFFIX):
        return folder
    return folder.with_name(folder.name + FOLDER_SUFFIX)


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target; it goes in the end, unless it got the target's name.

    Raises:
        UserError: the target is there already and not an empty folder, or nothing can be made.
    """
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UserError(f"{target} is there already", "choose another name")
    except OSError as error:
        raise write_refusal(target, error) from error
    staging = target.with_name(f".{secrets.token_hex(6)}{PARTIAL_SUFFIX}")
    with unfinished(staging):
        try:
            staging.mkdir(parents=True)
        except OSError as error:
            raise write_refusal(target, error) from error
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def settle(staging: Path, target: Path) -> FolderLock:
    """Give a complete folder its name.

    Returns:
        Its lock.

    Raises:
        UserError: the folder cannot be renamed.
    """
    try:
        if target.is_dir():
            target.rmdir()
        staging.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise write_refusal(target, error) from error
    return FolderLock(target)
