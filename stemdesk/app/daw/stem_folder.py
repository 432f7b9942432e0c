"""Songs from what `stemdesk separate` leaves: a folder of stems, or a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stemdesk.app.daw.song import SeparatedSong, SongStem
from stemdesk.app.manifest import read_manifest
from stemdesk.app.remixing.stems import stems_in
from stemdesk.audio.levels import db
from stemdesk.audio.reading import open_audio
from stemdesk.errors import UserError
from stemdesk.parsing.bounds import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def song_of_folder(folder: Path) -> SeparatedSong:
    """The stems of one folder, as one song.

    A manifest in the folder says which files are the stems, and how they are called; without one
    every audio file is a stem, but the song itself where it lies beside them.

    Raises:
        UserError: it holds no stems.
    """
    for path in sorted(folder.glob("*.json")):
        try:
            songs = _songs(path, read_manifest(path))
        except (OSError, Unreadable):
            continue
        mine = [song for song in songs if song.stems[0].path.parent.samefile(folder)]
        if len(mine) == 1:
            return mine[0]
    return _song(folder.resolve().name, folder, stems_in(folder))


def songs_of_manifest(path: Path) -> tuple[SeparatedSong, ...]:
    """The songs a manifest of `stemdesk separate` names, whose stems are there.

    Raises:
        UserError: it cannot be read, is no manifest, or none of its stems are found.
    """
    try:
        songs = read_manifest(path)
    except (OSError, Unreadable) as error:
        raise UserError(
            f"{path} is no manifest of StemDesk", "name a folder of stems, or a project"
        ) from error
    return _songs(path, songs)


def _songs(path: Path, entries: Iterable[Mapping[str, Any]]) -> tuple[SeparatedSong, ...]:
    songs = []
    for told in entries:
        stems = {**_texts(told.get("stems")), **_texts(told.get("kept"))}
        files = {name: _found(Path(text), path.parent) for name, text in stems.items()}
        there = {name: file for name, file in files.items() if file is not None}
        if there and len(there) == len(files):
            gain = told.get("gain", 1.0)
            makeup_db = -db(float(gain)) if isinstance(gain, (int, float)) and gain > 0 else 0.0
            title = Path(str(told.get("input", ""))).stem or path.stem
            songs.append(_song(title, path, there, makeup_db))
    if not songs:
        raise UserError(f"The stems that {path} names are not there", "name their folder")
    return tuple(songs)


def _song(
    title: str, source: Path, files: Mapping[str, Path], makeup_db: float = 0.0
) -> SeparatedSong:
    stems = tuple(SongStem(name, path, makeup_db + 0.0) for name, path in files.items())
    with open_audio(stems[0].path) as reader:
        tags = dict(reader.info.tags)
    # A stem's own title names the stem.
    tags.pop("title", None)
    return SeparatedSong(title, source, stems, tags.get("artist", ""), tags)


def _texts(found: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


def _found(path: Path, folder: Path) -> Path | None:
    """The file, as the manifest has it or moved along with the manifest."""
    beside = [folder.joinpath(*path.parts[-depth:]) for depth in (1, 2, 3)]
    return next((each for each in (path, *beside) if each.is_file()), None)
