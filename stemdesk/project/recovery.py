"""What a crash leaves: projects that were never saved, and saved ones with a later autosave."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk import paths
from stemdesk.errors import UserError
from stemdesk.files import write_refusal, write_text_atomic
from stemdesk.parsing.bounds import file_bytes
from stemdesk.parsing.json_text import read_json
from stemdesk.project.lock import FolderLock, is_locked
from stemdesk.project.store import (
    AUTOSAVE_FILE,
    FOLDER_SUFFIX,
    PROJECT_FILE,
    load,
    remove_autosave,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stemdesk.project.document import Project

_YOUNG_SECONDS = 600.0


@dataclass(frozen=True)
class Recoverable:
    """A project that a crash interrupted.

    Attributes:
        folder: to open it with.
        name: of the project; of its first song where it was never saved.
        changed: when it was written last, in local time.
        tracks: names of its songs.
        is_unsaved: it was never given a place.
        problem: why it cannot be read; empty where it can.
    """

    folder: Path
    name: str
    changed: datetime
    tracks: tuple[str, ...]
    is_unsaved: bool
    problem: str = ""


def unsaved_dir() -> Path:
    """Where projects lie that were not given a place yet."""
    return paths.data_dir().absolute() / "unsaved"


def is_in_unsaved(folder: Path) -> bool:
    """Whether a project was not given a place yet."""
    return folder.parent.resolve() == unsaved_dir().resolve()


def new_unsaved_folder() -> Path:
    """A fresh folder for a project that has no place yet.

    Raises:
        UserError: the user's data folder cannot be written to.
    """
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    folder = unsaved_dir() / f"{stamp}-{secrets.token_hex(3)}{FOLDER_SUFFIX}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise write_refusal(folder, error) from error
    return folder


def note_open(folder: Path) -> None:
    """Remember a project's place for as long as it is open, to look there after a crash."""
    note = _note(folder)
    # Without the note the project works as well; only :func:`recoverable` would not list it.
    with contextlib.suppress(OSError, UserError):
        note.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomic(note, json.dumps(str(folder.absolute())))


def note_closed(folder: Path) -> None:
    """Forget it again."""
    with contextlib.suppress(OSError):
        _note(folder).unlink(missing_ok=True)


def recoverable() -> tuple[Recoverable, ...]:
    """What can be recovered and is not open in a live StemDesk, the latest first.

    Unsaved projects without anything in them are removed on the way.
    """
    found = [*_unsaved(), *_crashed()]
    return tuple(sorted(found, key=lambda each: each.changed, reverse=True))


def discard_recovery(folder: Path) -> None:
    """Give up what a crash left: an unsaved project whole, of a saved one the autosave.

    Raises:
        ProjectLocked: it is open in a live StemDesk.
        UserError: it cannot be removed.
    """
    lock = FolderLock(folder)
    try:
        remove_autosave(folder)
        note_closed(folder)
    finally:
        lock.release()
    if is_in_unsaved(folder):
        remove_unsaved(folder)


def remove_unsaved(folder: Path) -> None:
    """Remove an unsaved project; its documents first, so that half of it is never offered.

    Files that are still open elsewhere (on Windows) stay until :func:`recoverable` meets them.
    """
    if not is_in_unsaved(folder):
        raise ValueError(f"{folder} is the user's")
    for name in (AUTOSAVE_FILE, PROJECT_FILE):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise write_refusal(folder / name, error) from error
    shutil.rmtree(folder, ignore_errors=True)


def _unsaved() -> Iterator[Recoverable]:
    folder = unsaved_dir()
    for each in sorted(folder.glob(f"*{FOLDER_SUFFIX}")) if folder.is_dir() else ():
        if is_locked(each):
            continue
        if _is_empty(each):
            # One that is being made is empty and not locked yet for an instant.
            if time.time() - each.stat().st_mtime > _YOUNG_SECONDS:
                remove_unsaved(each)
            continue
        yield _described(each)


def _crashed() -> Iterator[Recoverable]:
    notes = paths.data_dir() / "open"
    for note in sorted(notes.glob("*.json")) if notes.is_dir() else ():
        try:
            folder = Path(read_json(file_bytes(note), names=True))
        except (OSError, ValueError, TypeError):
            continue
        if not folder.is_dir() or is_locked(folder):
            continue  # perhaps on a disk that is not plugged in
        found = _described(folder, saved_too=False)
        if (folder / AUTOSAVE_FILE).exists() and (found.tracks or found.problem):
            yield found
        else:
            note_closed(folder)


def _is_empty(folder: Path) -> bool:
    if (folder / AUTOSAVE_FILE).exists():
        return False
    try:
        return not load(folder).project.tracks
    except UserError:
        return not (folder / PROJECT_FILE).exists()


def _described(folder: Path, *, saved_too: bool = True) -> Recoverable:
    project: Project | None = None
    problem = ""
    try:
        loaded = load(folder)
        project = loaded.recovery or (loaded.project if saved_too else None)
    except UserError as error:
        problem = str(error)
    tracks = tuple(track.name for track in project.tracks) if project else ()
    unsaved = is_in_unsaved(folder)
    return Recoverable(
        folder=folder,
        name=(tracks[0] if tracks else "") if unsaved else folder.stem,
        changed=_changed(folder),
        tracks=tracks,
        is_unsaved=unsaved,
        problem=problem,
    )


def _changed(folder: Path) -> datetime:
    times = [
        (folder / name).stat().st_mtime
        for name in (AUTOSAVE_FILE, PROJECT_FILE)
        if (folder / name).exists()
    ]
    return datetime.fromtimestamp(max(times, default=0.0)).astimezone()


def _note(folder: Path) -> Path:
    place = str(folder.absolute()).encode("utf-8", "surrogateescape")
    return paths.data_dir() / "open" / f"{hashlib.sha256(place).hexdigest()[:12]}.json"
