"""Folders in which songs of projects are separated: those that nobody goes on with any more go."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from stemdesk.locks import try_lock
from stemdesk.paths import data_dir
from stemdesk.project.recovery import noted_projects, unsaved_dir
from stemdesk.project.store import AUTOSAVE_FILE, PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CANCELLED = "cancelled"
_SONG = re.compile(r"[0-9a-f]{12}|[0-9a-f]{32}")


def work_dir() -> Path:
    """Where they all lie."""
    return data_dir() / "work"


def song_folder(track_id: str) -> Path:
    """Where a song's stems come into being; a run that was killed goes on from what is there."""
    return work_dir() / track_id


def mark_cancelled(track_id: str) -> None:
    """The user has given a separation up: what there is of it goes at the next start."""
    folder = song_folder(track_id)
    if folder.is_dir():
        with suppress(OSError):
            (folder / _CANCELLED).touch()


def unmark_cancelled(track_id: str) -> None:
    """The song is separated after all."""
    with suppress(OSError):
        (song_folder(track_id) / _CANCELLED).unlink(missing_ok=True)


def is_in_use(folder: Path) -> bool:
    """Whether a living process separates there."""
    for lock in folder.glob("*/lock"):
        with suppress(OSError), lock.open("ab") as file:
            if not try_lock(file.fileno()):
                return True
    return False


def sweep_work(projects: Iterable[Path] = ()) -> list[Path]:
    """Remove the work of songs that were cancelled, or that no project knows any more.

    Work that a crash or an orderly end has interrupted stays, for it can go on.

    Args:
        projects: folders of projects that the user has opened; those that crashed or were never
            saved are looked into, too.

    Returns:
        What was removed.
    """
    folders = [path for path in _subfolders(work_dir()) if _SONG.fullmatch(path.name)]
    if not folders:
        return []
    known = _known_songs([*projects, *noted_projects(), *_subfolders(unsaved_dir())])
    removed = []
    for folder in folders:
        is_wanted = folder.name in known and not (folder / _CANCELLED).exists()
        if not is_wanted and not is_in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _known_songs(projects: Iterable[Path]) -> set[str]:
    ids: set[str] = set()
    for project in projects:
        for name in (PROJECT_FILE, AUTOSAVE_FILE):
            with suppress(OSError, ValueError, RecursionError):
                ids.update(_song_ids(json.loads((project / name).read_bytes())))
    return ids


def _song_ids(found: object) -> set[str]:
    """Ids anywhere in a document, of whichever format it is."""
    ids: set[str] = set()
    left = [found]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            own = value.get("id")
            ids.update([own] if isinstance(own, str) else [])
            left += value.values()
        elif isinstance(value, list):
            left += value
    return ids
