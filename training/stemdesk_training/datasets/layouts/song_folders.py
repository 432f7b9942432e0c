"""A folder for each song, any names in it: MUSDB18-HQ, and what people have themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.audio.suffixes import AUDIO_SUFFIXES
from stemdesk.errors import UserError
from stemdesk_training.datasets.multitrack import STEMS, Multitrack, Part
from stemdesk_training.datasets.naming import IGNORED, MAP_NAME, MIXTURE, load_map, stem_of

if TYPE_CHECKING:
    from pathlib import Path

_SPLITS = {"train": "train", "test": "test", "valid": "valid", "validation": "valid"}


def find(root: Path) -> list[Multitrack]:
    """Every folder below (and with) `root` that holds two files or more of different stems.

    A file's stem is what `stems.toml`, in the song's folder or the library's, says, else what its
    name tells. Folders called train, valid or test, above a song, are its split.

    Raises:
        UserError: a map cannot be used, or maps a song so that no stem is left.
    """
    songs = []
    for folder in sorted({path.parent for path in audio_files(root)}):
        song = _song(folder, root)
        if song is not None:
            songs.append(song)
    return songs


def audio_files(root: Path) -> list[Path]:
    """All audio files below a folder, hidden ones apart, in a fixed order."""
    return sorted(
        path
        for path in root.rglob("*")
        if path.suffix.lower() in AUDIO_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
        and path.is_file()
    )


def split_of(folder: Path, root: Path) -> str:
    """What the folders above a song say of its split."""
    for part in folder.relative_to(root).parts:
        if part.casefold() in _SPLITS:
            return _SPLITS[part.casefold()]
    return ""


def _song(folder: Path, root: Path) -> Multitrack | None:
    stem_map = load_map(folder, root)
    found: dict[str, list[Part]] = {}
    unused = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in AUDIO_SUFFIXES or path.name.startswith("."):
            continue
        stem = stem_map.stem_of(path) if stem_map else None
        stem = stem or stem_of(path.stem)
        if stem is None or stem == IGNORED:
            unused.append(path)
        else:
            found.setdefault(stem, []).append(Part(path))
    mixture = tuple(found.pop(MIXTURE, ()))
    if stem_map is not None and not found:
        raise UserError(
            f"{folder} has a map ({MAP_NAME}) by which none of its files belongs to a stem",
            f"name files for {', '.join(STEMS)} in it",
        )
    if len(found) + bool(mixture) < 2:
        return None
    name = folder.relative_to(root).as_posix() if folder != root else root.name
    artist, _, _ = folder.name.partition(" - ")
    return Multitrack(
        name=name,
        stems={stem: tuple(found[stem]) for stem in STEMS if stem in found},
        mixture=mixture,
        split=split_of(folder, root),
        artist=artist if " - " in folder.name else "",
        unused=tuple(unused),
    )
