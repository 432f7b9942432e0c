"""Which songs are to be remixed, and where each remix goes."""

from __future__ import annotations

from pathlib import Path

from stemdesk.app.remixing.stem_folders import holds_stems
from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.cli.parser import UsageError
from stemdesk.errors import UserError

REMIX = " (remix)"
FORMATS = ("wav", "flac", "ogg", "mp3")


def songs_in(named: list[Path]) -> list[Path]:
    """Songs and folders of stems; a folder that holds songs stands for each of them."""
    songs: list[Path] = []
    for path in named:
        if not path.is_dir() or holds_stems(path):
            songs.append(path)
            continue
        found = sorted(
            each
            for each in path.iterdir()
            if (each.suffix.lower() in AUDIO_SUFFIXES and not _is_own(each))
            or (each.is_dir() and holds_stems(each))
        )
        if not found:
            raise UserError(f"The folder {path} holds no songs", "name another folder")
        songs += found
    return songs


def _is_own(path: Path) -> bool:
    """Hidden, or a remix of an earlier run."""
    return path.name.startswith(".") or path.stem.endswith(REMIX)


def targets_of(songs: list[Path], output: Path | None, chosen: str | None) -> list[Path]:
    """The file of each song's remix.

    Args:
        songs: from :func:`songs_in`.
        output: as asked for, a file or a folder; None for this folder.
        chosen: format of files in a folder; None for wav.

    Raises:
        UserError: they cannot all go there.
    """
    suffixes = [f".{each}" for each in FORMATS]
    is_folder = output is None or output.is_dir() or not output.suffix
    if output is not None and not is_folder:
        if chosen is not None and output.suffix.lower() != f".{chosen}":
            raise UsageError(
                f"{output} and --format {chosen} do not go together",
                f"end the name in .{chosen}, or leave --format out",
            )
        if len(songs) == 1:
            return [output]
        if output.suffix.lower() in suffixes:
            raise UserError(
                f"{len(songs)} remixes cannot all be {output}", "name a folder with --output"
            )
    folder = output or Path()
    if output is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"The folder {folder} cannot be made ({error.strerror})", "name another --output"
            ) from error
    return [folder / f"{title}{REMIX}.{chosen or 'wav'}" for title in _titles(songs)]


def _titles(songs: list[Path]) -> list[str]:
    """What the songs' remixes are called; suffixes tell apart what else would be one file."""
    titles = [song.resolve().name if song.is_dir() else song.stem for song in songs]
    plain = [title.casefold() for title in titles]
    titles = [
        title if plain.count(each) == 1 or song.is_dir() else song.name
        for title, each, song in zip(titles, plain, songs, strict=True)
    ]
    for title in titles:
        if titles.count(title) > 1:
            raise UserError(
                f"Two remixes would be called {title}{REMIX}",
                "remix these songs one by one with --output",
            )
    return titles
