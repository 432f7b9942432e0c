"""What a recording is called, freed from all that makes the names of one song differ."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_INSTRUMENTAL = re.compile(
    r"\b(instrumentale?|inst|instr|karaoke|playback|minus one|backing track|no vocals?"
    r"|without vocals?|off vocal|sans voix|ohne gesang)\b( (version|mix|edit|track|take))?"
)
# Labels of karaoke recordings name the artist they follow.
_STYLE = re.compile(
    r"\b(?:in the style of|originally performed by|made famous by|as made famous by|im stil von)\b"
)
# These tell of the same recording; others, such as "live", "remix" or "acoustic", of another.
_SAME = re.compile(
    r"\b((digital(ly)? )?remaster(ed)?( version)?|(album|single|original|main|vocal)"
    r"( version| mix)|explicit|clean|mono|stereo|bonus track|official|audio|hd|hq)\b"
)
_GUEST = re.compile(r"\b(feat|featuring|ft)\b.*")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_NUMBER = re.compile(r"^\s*\d{1,3}(?:\s*[.)\-_]\s*|\s+)(?=\D)")
_DASH = re.compile(r"\s+[-\u2013\u2014]\s+")


@dataclass(frozen=True)
class Title:
    """A recording's name, for comparing.

    Attributes:
        artist: empty where it is not known.
        name: the song.
        version: what tells it from other recordings of the song: live, remix; mostly empty.
        is_instrumental: whether the name says so.
        shown: artist and song as they were written, for the names of folders.
    """

    artist: str
    name: str
    version: str
    is_instrumental: bool
    shown: str

    def is_like(self, other: Title) -> bool:
        """Whether both may be one song.

        An artist that one of them does not name, or only half, speaks not against it; a name of
        nothing is like no other.
        """
        same = bool(self.name) and (self.name, self.version) == (other.name, other.version)
        one, another = set(self.artist.split()), set(other.artist.split())
        return same and (one <= another or another <= one)


def title_of(path: Path, tags: Mapping[str, str]) -> Title:
    """By a recording's tags, and where they say nothing, by the name of its file.

    Args:
        path: `Artist - Song (Instrumental).mp3`, `03 Song_karaoke.wav` and the like.
        tags: as in :class:`stemdesk.audio.info.AudioInfo`.
    """
    artist, name = tags.get("artist", ""), tags.get("title", "")
    if not name:
        told = _NUMBER.sub("", path.stem.replace("_", " "))
        before, *rest = _DASH.split(told)
        # What follows the last dash may be no name but a remark: "Song - Karaoke version".
        if rest and _without_marks(_plain(" ".join(rest))):
            artist, name = artist or before, " - ".join(rest)
        else:
            name = told
    return _title(artist, name, path)


def _title(artist: str, name: str, path: Path) -> Title:
    plain = _plain(f"{name} {path.stem}")
    bare, remarks = _BRACKETS.sub(" ", name), _BRACKETS.findall(name)
    first, *dashed = _DASH.split(bare)
    remarks += dashed
    style = next((text for text in remarks if _STYLE.search(_plain(text))), "")
    if style:
        artist = _STYLE.split(_plain(style))[-1]
        artist = _without_marks(artist)
    kept = [_without_marks(_plain(text)) for text in remarks if text != style]
    song = _without_marks(_plain(first))
    shown = " ".join(_BRACKETS.sub(" ", first).split())
    who = artist.strip()
    return Title(
        artist=_GUEST.sub("", _plain(artist)).removeprefix("the ").strip(),
        name=song,
        version=" ".join(sorted(text for text in kept if text)),
        is_instrumental=bool(_INSTRUMENTAL.search(plain)),
        shown=f"{who} - {shown}" if who else shown,
    )


def _without_marks(plain: str) -> str:
    """Without what makes no other song or recording of it."""
    for pattern in (_INSTRUMENTAL, _GUEST, _SAME, _YEAR):
        plain = pattern.sub(" ", plain)
    return " ".join(plain.split())


def _plain(text: str) -> str:
    """Letters and digits in lower case, without accents, single spaces between."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    bare = bare.replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())
