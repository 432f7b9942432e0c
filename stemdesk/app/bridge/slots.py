"""Where the Bridge plug-in keeps captures and stems; plugins/bridge/src/slots.cpp finds the same.

A slot is a folder: `slot-07` is shared by all that choose number 7, `own-0123456789abcdef` belongs
to one plug-in of one session. In it lie

- `capture-<id>.sdcapture`: audio that waits to be separated,
- `capture-<id>.separating`: the one at work, `capture-<id>.failed`: one that could not be,
- `stems-<number>.sdstems`: stems; the highest number counts. A name is never used twice, because
  Windows replaces no file that a plug-in has mapped.

Names that begin with a dot are nobody's business but their writer's.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from stemdesk.paths import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_SLOT = 99
CAPTURE_SUFFIX = ".sdcapture"
SEPARATING_SUFFIX = ".separating"
FAILED_SUFFIX = ".failed"
STEMS_SUFFIX = ".sdstems"


def slots_folder() -> Path:
    """The folder of all slots."""
    return data_dir() / "bridge"


def numbered_slot(folder: Path, number: int) -> Path:
    """The slot 1 to 99 in the folder of all slots.

    Raises:
        ValueError: there is no such slot.
    """
    if not 1 <= number <= MAX_SLOT:
        raise ValueError(f"slot {number} is outside 1 to {MAX_SLOT}")
    return folder / f"slot-{number:02d}"


def slots(folder: Path) -> list[Path]:
    """All slots there are, by name."""
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if path.name.startswith(("slot-", "own-")) and _dir(path)
    )


def files_in(slot: Path, suffix: str) -> list[Path]:
    """The slot's finished files with a suffix, by name; none where the slot has gone."""
    return sorted(_files(slot, suffix))


def next_stems(slot: Path) -> Path:
    """The name for stems that come after all that lie in the slot."""
    numbers = [path.stem.rpartition("-")[2] for path in files_in(slot, STEMS_SUFFIX)]
    newest = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return slot / f"stems-{newest + 1:09d}{STEMS_SUFFIX}"


def _files(slot: Path, suffix: str) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        for path in slot.iterdir():
            if path.suffix == suffix and not path.name.startswith("."):
                yield path


def _dir(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
