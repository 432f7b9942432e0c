"""Audacity's settings file: its module mod-script-pipe switched on, and back.

Audacity notes each module it has seen as `name=state` under `[Module]` (1 is enabled, 4 is new),
with its path and date in two more groups; a module whose date differs is new again.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import atomic_path, write_refusal
from stemdesk_plugins.folders import audacity_folders
from stemdesk_plugins.running import is_running

if TYPE_CHECKING:
    from stemdesk_plugins.machine import Machine

MODULE = "mod-script-pipe"
ENABLED = "1"
ABSENT = ""
"""What :attr:`Change.before` says of a setting that was not there."""
FILE_NAME = "audacity.cfg"

_MODULE_PLACES = (
    "/usr/lib/audacity/modules",
    "/usr/lib/x86_64-linux-gnu/audacity/modules",
    "/usr/lib64/audacity/modules",
    "/usr/local/lib/audacity/modules",
)


@dataclass(frozen=True)
class Change:
    """What was done to a settings file.

    Attributes:
        path: the file.
        before: the setting's value before; :data:`ABSENT` where there was none.
        backup: a copy of the whole file as it was; None where nothing had to be changed.
    """

    path: Path
    before: str
    backup: Path | None


def enable_pipe(machine: Machine, to: Path | None = None) -> Change:
    """Switch mod-script-pipe on, for Audacity's next start.

    Args:
        machine: whose settings.
        to: the folder of `audacity.cfg`, where it is not the usual one.

    Raises:
        UserError: There are no settings yet, the module is unknown, or Audacity runs (it would
            write its own settings over these when it ends).
    """
    folders = [to] if to is not None else [Path(each) for each in audacity_folders(machine)]
    path = next((each / FILE_NAME for each in folders if (each / FILE_NAME).is_file()), None)
    if path is None:
        looked = ", ".join(str(each) for each in folders)
        raise UserError(
            f"Audacity's settings were not found (looked in {looked})",
            "start Audacity once and close it, or name its settings folder with --to",
        )
    text = _read(path)
    before = value_of(text, "Module", MODULE)
    if before == ENABLED:
        return Change(path, before, None)
    _refuse_running()
    text = with_value(_with_module_known(text), "Module", MODULE, ENABLED)
    backup = path.with_name(f"{FILE_NAME}.{time.strftime('%Y%m%d-%H%M%S')}.before-stemdesk")
    _write(backup, _read(path))
    _write(path, text)
    return Change(path, before or ABSENT, backup)


def restore_pipe(path: str, value: str) -> None:
    """Set the module to what it was before; a settings file that has gone stays gone."""
    file = Path(path)
    if not file.is_file():
        return
    _refuse_running()
    # 0 is "disabled": what was absent must not be asked about at the next start.
    _write(file, with_value(_read(file), "Module", MODULE, value or "0"))


def value_of(text: str, group: str, key: str) -> str | None:
    """A value of settings such as Audacity writes; None where there is none."""
    found = re.search(rf"^\[{group}\]\n(?:(?!\[).*\n)*?{key}=(.*)$", text, re.MULTILINE)
    return found[1] if found else None


def with_value(text: str, group: str, key: str, value: str) -> str:
    """The settings with one value set, all else as it was."""
    line = f"{key}={value}\n"
    if text and not text.endswith("\n"):
        text += "\n"
    if value_of(text, group, key) is not None:
        pattern = rf"(^\[{group}\]\n(?:(?!\[).*\n)*?){key}=.*\n"
        return re.sub(pattern, lambda found: found[1] + line, text, count=1, flags=re.MULTILINE)
    header = f"[{group}]\n"
    if re.search(rf"^\[{group}\]$", text, re.MULTILINE):
        return re.sub(
            rf"^\[{group}\]\n", lambda _: header + line, text, count=1, flags=re.MULTILINE
        )
    return text + header + line


def _with_module_known(text: str) -> str:
    """The settings with path and date of the module, which Audacity notes at its first start."""
    if value_of(text, "ModulePath", MODULE) is not None:
        return text
    for place in _MODULE_PLACES:
        module = Path(place) / f"{MODULE}.so"
        if module.is_file():
            date = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(module.stat().st_mtime))
            text = with_value(text, "ModulePath", MODULE, str(module))
            return with_value(text, "ModuleDateTime", MODULE, date)
    raise UserError(
        "Audacity has not noted its module mod-script-pipe yet",
        "start Audacity 3 once and close it, then install again; if that does not help, "
        "this Audacity was packed without the module",
    )


def _refuse_running() -> None:
    if is_running("audacity"):
        raise UserError("Audacity is running", "close it, and try again")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").replace("\r\n", "\n")
    except OSError as error:
        raise UserError(
            f"{path} cannot be read ({error.strerror or error})", "check its permissions"
        ) from error


def _write(path: Path, text: str) -> None:
    try:
        with atomic_path(path) as partial:
            partial.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise write_refusal(path, error) from error
