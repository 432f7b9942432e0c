"""Where training runs lie, and how each of them stands: it outlives the program."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, safe_name, write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import data_dir
from stemdesk.project.lock import FolderLock, is_locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORD_NAME = "training.json"
FORMAT = 1


class Standing(Enum):
    """How a run stands."""

    RUNNING = "running"
    """It runs, or was interrupted with the program."""
    STOPPED = "stopped"
    FINISHED = "finished"
    REFUSED = "refused"
    FAILED = "failed"
    DISMISSED = "dismissed"
    """It was interrupted, and nobody wants to go on with it."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a run.

    Attributes:
        title: of the model it makes.
        base: id of the model it began from.
        library: folder of the songs, as the user chose it.
        songs: the folder that is trained on, once it has been made; empty before.
        listen: the song that checkpoints render; empty for none.
        standing: how it stands.
        format: of this record.
    """

    title: str
    base: str
    library: str
    songs: str = ""
    listen: str = ""
    standing: Standing = Standing.STOPPED
    format: int = FORMAT


class RunFolder:
    """A run on disk: `training.json`, `recipe.toml`, `songs` and the trainer's own `run`.

    Args:
        path: the folder.
        record: what is kept of it.
    """

    def __init__(self, path: Path, record: Record) -> None:
        self.path, self.record = path, record

    @property
    def recipe(self) -> Path:
        """The recipe that is run."""
        return self.path / "recipe.toml"

    @property
    def work(self) -> Path:
        """The trainer's own folder."""
        return self.path / "run"

    @property
    def log(self) -> Path:
        """All events so far."""
        return self.work / "log.jsonl"

    @property
    def links(self) -> Path:
        """Where the chosen songs are linked."""
        return self.path / "songs"

    @property
    def changed_at(self) -> float:
        """When its record was written last, in seconds since 1970."""
        return (self.path / RECORD_NAME).stat().st_mtime

    def lock(self) -> FolderLock:
        """Hold it: one trainer at a time.

        Raises:
            UserError: it is held.
        """
        return FolderLock(self.path)

    def keep(self, standing: Standing, **fields: str) -> None:
        """Note how it stands now.

        Raises:
            UserError: the disk refuses.
        """
        self.record = msgspec.structs.replace(self.record, standing=standing, **fields)
        write_text_atomic(
            self.path / RECORD_NAME,
            msgspec.json.format(msgspec.json.encode(self.record)).decode() + "\n",
        )


def runs_dir() -> Path:
    """The folder of all runs."""
    return data_dir() / "training"


def new_run(record: Record, recipe: str) -> RunFolder:
    """A folder for a new run, with its recipe.

    Raises:
        UserError: the disk refuses.
    """
    ensure_writable_folder(runs_dir())
    name, number = safe_name(record.title), 1
    while True:
        path = runs_dir() / (name if number == 1 else f"{name} ({number})")
        with suppress(FileExistsError):
            path.mkdir()
            break
        number += 1
    run = RunFolder(path, record)
    write_text_atomic(run.recipe, recipe)
    run.keep(record.standing)
    return run


def known_runs() -> Iterator[RunFolder]:
    """All runs whose record can be read, the newest first."""
    records = sorted(
        runs_dir().glob(f"*/{RECORD_NAME}"),
        key=lambda path: path.stat().st_mtime_ns,
        reverse=True,
    )
    for path in records:
        with suppress(OSError, Unreadable, UserError):
            record = read_json_as(file_bytes(path), Record, names=True)
            if record.format <= FORMAT:
                yield RunFolder(path.parent, record)


def interrupted_runs() -> tuple[RunFolder, ...]:
    """Runs that ended with the program rather than by themselves."""
    return tuple(
        run
        for run in known_runs()
        if run.record.standing is Standing.RUNNING and not is_locked(run.path)
    )
