"""The songs that are trained on: a folder of links to the files of those that were chosen."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stemdesk.errors import UserError
from stemdesk.files import ensure_writable_folder, require_space, safe_name, write_refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.app.training.songs import Song

SPLITS = ("train", "valid", "test")


def lay_out(library: Path, songs: Sequence[Song], chosen: Sequence[Song], folder: Path) -> Path:
    """A folder in which the trainer finds the chosen songs, and no others.

    Files are linked, or copied where the file system has no links. Where all songs are chosen it
    is the library itself.

    Args:
        library: where the songs lie.
        songs: all of it.
        chosen: of these, or repaired copies of them.
        folder: to be made; it must not be there.

    Raises:
        UserError: nothing is chosen, a song cannot be taken alone, or the disk refuses.
    """
    if not chosen:
        raise UserError("No song is chosen to train on", "tick at least one song")
    if list(songs) == list(chosen):
        return library
    if not all(source.is_whole for song in chosen for source in song.sources):
        raise UserError(
            f"The songs of {library.name} can only be taken all, for files hold several stems",
            "tick all songs, or move those to be left out into another folder",
        )
    ensure_writable_folder(folder.parent)
    names: set[str] = set()
    for song in chosen:
        _link_song(song, folder / song.split if song.split in SPLITS else folder, names)
    return folder


def _link_song(song: Song, place: Path, names: set[str]) -> None:
    # The artist before " - " decides which songs are held out together: the name stays.
    name = safe_name(song.name.rpartition("/")[2])
    while name.casefold() in names:
        name += "_"
    names.add(name.casefold())
    home = place / name
    try:
        home.mkdir(parents=True)
        for part, content in song.parts.items():
            for number, source in enumerate(content.files, 1):
                path = Path(source.path)
                count = f" {number}" if len(content.files) > 1 else ""
                _link(path, home / f"{part}{count}{path.suffix}")
    except OSError as error:
        raise write_refusal(home, error) from error


def _link(source: Path, target: Path) -> None:
    for way in (target.symlink_to, target.hardlink_to):
        with suppress(OSError, NotImplementedError):
            way(source)
            return
    require_space(target.parent, source.stat().st_size)
    shutil.copyfile(source, target)
