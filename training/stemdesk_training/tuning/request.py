"""What the user asked for, kept in the run's folder: the same words go on with the same run."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, safe_name, write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import cache_dir, data_dir
from stemdesk.separation.catalogue import model_folders

if TYPE_CHECKING:
    import argparse

REQUEST_NAME = "request.json"
RECIPE_NAME = "recipe.toml"
_WORDS = {
    "songs": "songs",
    "layout": "--layout",
    "base": "--model",
    "freeze": "--freeze",
    "l2_sp": "--l2-sp",
    "replay": "--replay",
    "reference": "--reference",
    "minutes": "--minutes",
    "steps": "--steps",
}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What decides a run's weights, and what its model is called.

    Attributes:
        songs: folder of the studio's songs.
        layout: how it is laid out; None: found out.
        base: the model to go on from.
        id: of the model to make.
        title: of the model to make.
        freeze: policy.
        l2_sp: see :class:`stemdesk_training.tuning_settings.Tuning`.
        replay: see there, and ``reference`` likewise.
        minutes: of training; None: by how much there is to learn from.
        steps: of training; None: likewise.
    """

    songs: str
    layout: str | None
    base: str
    id: str
    title: str
    freeze: str
    l2_sp: float
    replay: float
    reference: str | None
    minutes: float | None
    steps: int | None


def run_folder(options: argparse.Namespace) -> Path:
    """The run's folder: the one that was named, or one named after the songs or the title."""
    if options.run is not None:
        return Path(options.run)
    return data_dir() / "runs" / safe_name(options.name or Path(options.songs).resolve().name)


def claim(options: argparse.Namespace, run: Path) -> Request:
    """The request of a run, new or taken up again.

    Raises:
        UserError: the folder holds a run that was asked for in other words.
    """
    songs = str(Path(options.songs).resolve())
    title = options.name or f"{Path(songs).name}: tuned from {Path(options.model).name}"
    wanted = Request(
        songs=songs,
        layout=options.layout,
        base=_base(options.model),
        id=_free_id(options.name or Path(songs).name),
        title=title,
        freeze=options.freeze,
        l2_sp=options.l2_sp,
        replay=options.replay,
        reference=None if options.reference is None else str(Path(options.reference).resolve()),
        minutes=options.minutes,
        steps=options.steps,
    )
    path = run / REQUEST_NAME
    if path.exists():
        try:
            kept = read_json_as(file_bytes(path), Request, names=True)
        except (OSError, Unreadable) as error:
            raise UserError(
                f"{path} cannot be read ({error})", "tune into another folder"
            ) from error
        for name, word in _WORDS.items():
            if getattr(kept, name) != getattr(wanted, name):
                raise UserError(
                    f"The run in {run} has {word} {_said(getattr(kept, name))},"
                    f" not {_said(getattr(wanted, name))}",
                    "say the same to go on with it, or name another folder with --run",
                )
        return kept
    ensure_writable_folder(run)
    write_text_atomic(path, msgspec.json.format(msgspec.json.encode(wanted)).decode())
    return wanted


def pool_folder(request: Request) -> Path:
    """Where the decoded songs are kept, for all runs on the same folder, of any recipe."""
    key = hashlib.sha256(os.fsencode(request.songs)).hexdigest()[:16]
    return cache_dir() / "pools" / key


def _said(value: object) -> object:
    return "none" if value is None else value


def _base(name: str) -> str:
    """An id as it is; a folder in full, for a run may be gone on with from elsewhere."""
    return name if name in model_folders() else str(Path(name).resolve())


def _free_id(wanted: str) -> str:
    name = "_".join("".join(c if c.isalnum() else " " for c in wanted.lower()).split()) or "tuned"
    taken, number, found = model_folders(), 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return safe_name(found)
