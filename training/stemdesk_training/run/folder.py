"""The folder of a run: one recipe, one program at a time, and what a killed one left behind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import PARTIAL_SUFFIX, atomic_path, ensure_writable_folder
from stemdesk.locks import try_lock
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk_training.recipe import Recipe
from stemdesk_training.tuning_settings import deciding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG_NAME = "log.jsonl"
RECIPE_NAME = "recipe.json"
LOCK_NAME = ".lock"
_TAIL_BYTES = 1 << 16


def kept_recipe(path: Path) -> Recipe:
    """The recipe of the run in a folder.

    Raises:
        UserError: it cannot be read.
    """
    kept = path / RECIPE_NAME
    try:
        return read_json_as(file_bytes(kept), Recipe, names=True)
    except (OSError, Unreadable) as error:
        raise UserError(f"{kept} cannot be read ({error})", "choose another folder") from error


class RunFolder:
    """The folder that a recipe is trained in.

    Raises:
        UserError: it belongs to a different recipe, or cannot be written to.
    """

    def __init__(self, path: Path, recipe: Recipe) -> None:
        self.path = path
        ensure_writable_folder(path)
        kept = path / RECIPE_NAME
        # Compared as recipes, not as text: a field added since has its default in both.
        if kept.exists() and _same_run(kept_recipe(path)) != _same_run(recipe):
            raise UserError(
                f"The folder {path} holds a run of another recipe", "choose another folder"
            )
        with atomic_path(kept) as partial:
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(recipe)))

    @property
    def log(self) -> Path:
        """Everything that was reported, one event a line."""
        return self.path / LOG_NAME

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep other programs out, and tidy up what a killed one left behind.

        Raises:
            UserError: another program is at work here.
        """
        with (self.path / LOCK_NAME).open("ab") as lock:
            if not try_lock(lock.fileno()):
                raise UserError(
                    f"Another program trains in the folder {self.path}",
                    "stop it or choose another folder",
                )
            for left in self.path.glob(f".*{PARTIAL_SUFFIX}"):
                left.unlink()
            _mend(self.log)
            yield


def _same_run(recipe: Recipe) -> Recipe:
    """The recipe without what may change from one start of a run to the next."""
    return msgspec.structs.replace(recipe, memory="auto", tuning=deciding(recipe.tuning))


def _mend(log: Path) -> None:
    """Cut off the half line that a killed program left at the end."""
    if not log.exists():
        return
    with log.open("r+b") as file:
        end = file.seek(0, 2)
        while end:
            begin = max(0, end - _TAIL_BYTES)
            file.seek(begin)
            newline = file.read(end - begin).rfind(b"\n")
            if newline >= 0:
                end = begin + newline + 1
                break
            end = begin
        file.truncate(end)
