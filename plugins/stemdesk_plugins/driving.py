"""Hosts that are driven from outside: what is selected in them, separated and put beside it."""

from __future__ import annotations

import importlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder
from stemdesk_plugins.separation import Passage, SeparatedStem, separate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Selection(Protocol):
    """What is selected in a host that runs, until :meth:`close`."""

    def passage(self, output: Path, model: str) -> Passage:
        """What to separate; files that have to be written for that go to `output`."""

    def put_back(self, stems: Sequence[SeparatedStem]) -> None:
        """Put the stems beside the original, at its place, and mute it."""

    def close(self) -> None:
        """Let go of the host."""


_MODULES = {
    "audacity": "stemdesk_plugins.audacity.selection",
    "ableton": "stemdesk_plugins.ableton.selection",
    "protools": "stemdesk_plugins.protools.selection",
}


def separate_in(
    host_id: str, model: str, output: Path | None, report: Callable[[float, str], None]
) -> list[SeparatedStem]:
    """Separate what is selected in a host, and put the stems back.

    Args:
        host_id: `audacity`, `ableton` or `protools`.
        model: id or folder; empty is the default.
        output: folder for the stems, which the host goes on using; None is a new one among the
            user's music.
        report: told the fraction and the stage.

    Raises:
        UserError: The host does not run, nothing is selected, or the separation was refused.
    """
    module = importlib.import_module(_MODULES[host_id])
    report(0.0, "asking the host")
    selection: Selection = module.selected()
    try:
        folder = _new_folder(output, host_id)
        stems = separate(selection.passage(folder, model), report)
        report(1.0, "putting stems back")
        selection.put_back(stems)
    finally:
        selection.close()
    return stems


def _new_folder(output: Path | None, host_id: str) -> Path:
    above = output if output is not None else Path.home() / "Music" / "StemDesk"
    name = f"{host_id} {time.strftime('%Y-%m-%d %H-%M-%S')}"
    folder = above / name
    number = 2
    while folder.exists():
        folder = above / f"{name} ({number})"
        number += 1
    try:
        ensure_writable_folder(folder)
    except UserError as error:
        raise UserError(error.problem, "name another folder with --output") from error
    return folder
