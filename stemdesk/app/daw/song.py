"""A separated song as it is to stand in a DAW, wherever its stems come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stemdesk.daw.session import TempoChange

    Report = Callable[[float, str], None]


@dataclass(frozen=True)
class SongStem:
    """One stem and its strip.

    Attributes:
        name: of the stem.
        path: its file, in any format.
        level_db: of the fader; -inf is silence.
        pan: -1 left to +1 right.
        mute: whether it is silent.
    """

    name: str
    path: Path
    level_db: float = 0.0
    pan: float = 0.0
    mute: bool = False


@dataclass(frozen=True)
class NamedPlace:
    """A marker.

    Attributes:
        seconds: after the beginning of the song.
        name: shown.
    """

    seconds: float
    name: str


@dataclass(frozen=True)
class SongTempo:
    """A tempo map and where it begins.

    Attributes:
        changes: in order of beat, the first at beat 0.
        first_beat_seconds: after the beginning of the song.
    """

    changes: tuple[TempoChange, ...]
    first_beat_seconds: float = 0.0


@dataclass(frozen=True)
class SeparatedSong:
    """What is known of a song.

    Attributes:
        title: of the song.
        source: what the user named.
        stems: in the order of the tracks.
        artist: empty if unknown.
        tags: by the names of Vorbis comments.
        markers: in order of time.
        tempo: None if it is unknown.
        render: makes files of the stems as they sound through their effects, in a folder, telling
            how far it is; None where there are no effects to speak of.
        known: file -> its SHA-256, for those that a project knows; what is delivered is made of
            these and of no others.
        notes: what of the song a DAW is not told, one sentence each.
    """

    title: str
    source: Path
    stems: tuple[SongStem, ...]
    artist: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    markers: tuple[NamedPlace, ...] = ()
    tempo: SongTempo | None = None
    render: Callable[[Path, Report], tuple[SongStem, ...]] | None = None
    known: dict[Path, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
