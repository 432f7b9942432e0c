"""What the user named, as a list of songs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Song:
    """One song to separate.

    Attributes:
        path: the file.
        below: the sub-folder of the named folder in which it lies; its stems go into one alike.
        is_twin: another song beside it is named alike but for its suffix, so that only with it
            their stems can be told apart.
    """

    path: Path
    below: PurePath = field(default_factory=PurePath)
    is_twin: bool = False

    @property
    def name(self) -> str:
        """What its stems are filed under."""
        return self.path.name if self.is_twin else self.path.stem


def find_songs(inputs: Sequence[Path], output: Path) -> list[Song]:
    """Files as they are; folders with all audio below them, in the order of their names.

    Results of an earlier run (anything below an ``output`` that lies in the folder) and hidden
    files are left out.

    Raises:
        UserError: a folder without audio files, or one that is the output folder too.
    """
    songs: dict[Path, Song] = {}
    for path in inputs:
        found = _in_folder(path, output) if _is_folder(path) else [Song(path)]
        for song in found:
            songs.setdefault(song.path, song)
    named_alike = twins(songs)
    return [replace(song, is_twin=path in named_alike) for path, song in songs.items()]


def twins(paths: Iterable[Path]) -> set[Path]:
    """Those of some files that are named alike in one folder but for their suffixes."""
    beside: dict[Path, list[Path]] = {}
    for path in paths:
        beside.setdefault(path.with_name(path.stem.casefold()), []).append(path)
    return {path for alike in beside.values() if len(alike) > 1 for path in alike}


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # Too long a name, or in a folder that may not be looked into: opening it will tell.
        return False


def _in_folder(folder: Path, output: Path) -> list[Song]:
    if folder.resolve() == output.resolve():
        raise UserError(
            f"The stems would lie among the songs in {folder}",
            "choose another --output folder; one inside it will do",
        )
    results = output.resolve() if folder.resolve() in output.resolve().parents else None
    found = [
        Song(file, file.parent.relative_to(folder))
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in AUDIO_SUFFIXES
        and file.is_file()
        and not file.name.startswith(".")
        and results not in file.resolve().parents
    ]
    if not found:
        raise UserError(f"The folder {folder} holds no audio files", "name another folder")
    return found
