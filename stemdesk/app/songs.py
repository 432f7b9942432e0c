"""What the user named, as a list of songs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from stemdesk.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

AUDIO_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".w64", ".rf64", ".bwf", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
        *(".aif", ".aiff", ".aifc", ".caf", ".au", ".snd", ".wv", ".ape", ".tta"),
        *(".m4a", ".mp4", ".aac", ".wma", ".mka", ".mkv", ".webm", ".mov", ".avi"),
    }
)


@dataclass(frozen=True)
class Song:
    """One song to separate.

    Attributes:
        path: the file.
        below: the sub-folder of the named folder in which it lies; its stems go into one alike.
    """

    path: Path
    below: PurePath = field(default_factory=PurePath)


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
    return list(songs.values())


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
