"""Files of the project under readable names, for other programs that keep on reading them.

A DAW may play what was dragged into it where it lies, for years: these files stay until the user
removes them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import (
    OverwritePolicy,
    ensure_writable_folder,
    require_space,
    resolve_target,
    safe_name,
    write_refusal,
)
from stemdesk.project.copying import copy_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Report = Callable[[float, str], None]


def offer_at_once(path: Path, title: str, folder: Path) -> Path | None:
    """The file under its title, where that takes no time: it is there already, or gets a link.

    A second name costs no room, and lasts when the project gives up its own. Like any file of the
    project it should not be changed in its place.

    Args:
        path: a file of the project.
        title: what it should be called, without a suffix.
        folder: where such files lie; made where it is not there.

    Returns:
        The file; None where the folder's disk has no links, or is another one: then it has to be
        copied, see :func:`copy_for_offer`.

    Raises:
        UserError: the file is not there, or the folder takes no files.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there", "put the file back, or relink it")
    if path.stem == safe_name(title):
        return path
    ensure_writable_folder(folder)
    offered = _place(path, title, folder)
    if offered.exists():
        return offered
    try:
        os.link(path.resolve(), offered)
    except FileNotFoundError as error:
        raise write_refusal(offered, error) from error
    except OSError:
        return None
    return offered


def copy_for_offer(path: Path, title: str, folder: Path, report: Report) -> Path:
    """The file under its title, copied; for a job.

    Args:
        path: as for :func:`offer_at_once`; `title` and `folder` likewise.
        title: see there.
        folder: see there.
        report: told the fraction done and the stage; may raise Cancelled.

    Raises:
        UserError: it cannot be read, or there is no room.
    """
    offered = _place(path, title, folder)
    if not offered.exists():
        require_space(folder, path.stat().st_size)
        copy_whole(path, offered, report)
        times = path.stat()
        os.utime(offered, ns=(times.st_atime_ns, times.st_mtime_ns))
    return offered


def _place(path: Path, title: str, folder: Path) -> Path:
    """Where the file lies under its title, or can: what another one has there stays."""
    wanted = folder / f"{safe_name(title)}{path.suffix.lower()}"

    def is_taken(place: Path) -> bool:
        return place.exists() and not _is_same(path, place)

    found = resolve_target(wanted, OverwritePolicy.RENAME, lambda _: False, is_taken)
    return found or wanted


def _is_same(path: Path, place: Path) -> bool:
    """Whether a place holds the file already: a link to it, or a copy nobody has changed."""
    if place.samefile(path):
        return True
    here, there = path.stat(), place.stat()
    return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
