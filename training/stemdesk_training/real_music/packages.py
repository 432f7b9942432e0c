"""The music that may be learnt from: Debian packages, tracks, licences, authors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class File(NamedTuple):
    """A file of a group of tracks.

    Attributes:
        name: in the group's folder.
        seconds: how long it is.
        band_limit_hz: it holds nothing above; 0 if unknown.
        voice_share: of its energy that Spleeter takes for a voice, 0 to 1; -1 if not measured.
    """

    name: str
    seconds: float
    band_limit_hz: int
    voice_share: float


@dataclass(frozen=True)
class Track:
    """One file of real music.

    Attributes:
        package: Debian package that holds it.
        path: inside the package, and inside the folder that the package is fetched to.
        seconds: see :class:`File`.
        band_limit_hz: see :class:`File`.
        voice_share: see :class:`File`.
        licence: SPDX-like name.
        authors: whom to credit.
        stem: empty for a whole piece; else what it is of one: ``guitar``, or ``song`` for the rest.
        held_out: it is for scoring, never for training.
    """

    package: str
    path: str
    seconds: float
    band_limit_hz: int
    voice_share: float
    licence: str
    authors: tuple[str, ...]
    stem: str
    held_out: bool

    def below(self, music: Path) -> Path:
        """Where it lies once its package was fetched to ``music``."""
        return music / self.package / self.path


@cache
def tracks() -> tuple[Track, ...]:
    """All tracks, in the order of the list."""
    text = (resources.files(__package__) / "packages.toml").read_text(encoding="utf-8")
    return tuple(
        Track(
            package=group["package"],
            path=f"{group['folder']}/{file.name}",
            seconds=file.seconds,
            band_limit_hz=file.band_limit_hz,
            voice_share=file.voice_share,
            licence=group["licence"],
            authors=tuple(group["authors"]),
            stem=group.get("stem", ""),
            held_out=group.get("held_out", False),
        )
        for group in tomllib.loads(text)["tracks"]
        for file in (File(*row) for row in group["files"])
    )


def packages() -> tuple[str, ...]:
    """Names of the packages, each once."""
    return tuple(dict.fromkeys(track.package for track in tracks()))


def credits_of(used: tuple[Track, ...]) -> dict[str, str]:
    """Package to licences and authors, as ``pool.json`` and cards list them."""
    lines: dict[str, list[str]] = {}
    for track in used:
        line = f"{', '.join(track.authors)}: {track.licence}"
        lines.setdefault(f"music/{track.package}", []).append(line)
    return {package: "; ".join(dict.fromkeys(each)) for package, each in lines.items()}
