"""What a separation will take, told before it is begun: from what earlier ones took here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.json_text import read_json_as
from stemdesk.paths import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

STATED_SECONDS_PER_SECOND = 0.25
STATED_MEMORY_BYTES = 800 << 20
"""Of the default model on two slow cores; only until something was measured."""

SHORTEST_SECONDS = 10.0
"""Shorter songs say little: what does not depend on the length counts for too much."""

_NEWEST_WEIGHT = 0.5


@dataclass(frozen=True)
class Forecast:
    """What is to be expected.

    Attributes:
        seconds: of work, writing and checking the files included.
        memory_bytes: the most that is in use at a time.
        is_measured: from separations on this computer; stated otherwise.
    """

    seconds: float
    memory_bytes: int
    is_measured: bool


class Pace(msgspec.Struct, frozen=True):
    """What was measured.

    Attributes:
        seconds_per_second: of work, for a second of the song.
        memory_bytes: the most that was in use.
    """

    seconds_per_second: float
    memory_bytes: int


@dataclass(frozen=True)
class Choice:
    """What separates a song, and how, as the user chose it.

    Attributes:
        model: id or folder; None for the default.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        threads: None for all physical cores but one, which is left to the app and its sound.
        claims: stem and decibels by which it takes more of what stems share, or less; the pace
            does not depend on them.
    """

    model: str | None = None
    device: str = "auto"
    threads: int | None = None
    claims: tuple[tuple[str, float], ...] = ()

    @property
    def post(self) -> list[str]:
        """The claims as post-processing stages, STEM=DB."""
        return [f"{stem}={level_db:g}" for stem, level_db in self.claims]

    @property
    def key(self) -> str:
        """What the pace depends on as text, for files and messages."""
        return f"{self.model or ''}|{self.device}|{self.threads or ''}"


def forecast(song_seconds: float, choice: Choice) -> Forecast:
    """Time and memory for a song of so many seconds."""
    pace = _paces().get(choice.key)
    if pace is None:
        seconds = song_seconds * STATED_SECONDS_PER_SECOND
        return Forecast(seconds, STATED_MEMORY_BYTES, is_measured=False)
    return Forecast(song_seconds * pace.seconds_per_second, pace.memory_bytes, is_measured=True)


def has_pace(choice: Choice) -> bool:
    """Whether something was measured."""
    return choice.key in _paces()


def note_pace(choice: Choice, song_seconds: float, seconds: float, memory_bytes: int) -> None:
    """Learn from a separation that was not interrupted; of several the newest count most.

    Where that cannot be kept, nothing is said: the next one will be.
    """
    if song_seconds < SHORTEST_SECONDS or seconds <= 0:
        return
    paces = _paces()
    found = seconds / song_seconds
    old = paces.get(choice.key)
    if old is not None:
        found = _NEWEST_WEIGHT * found + (1 - _NEWEST_WEIGHT) * old.seconds_per_second
    paces[choice.key] = Pace(found, memory_bytes)
    try:
        _path().parent.mkdir(parents=True, exist_ok=True)
        write_text_atomic(_path(), msgspec.json.encode(paces).decode())
    except (OSError, UserError):
        return


def _path() -> Path:
    return cache_dir() / "pace.json"


def _paces() -> dict[str, Pace]:
    """What is known; nothing where the file is missing or damaged, for it can be made again."""
    try:
        paces = read_json_as(file_bytes(_path()), dict[str, Pace], names=True)
    except (OSError, Unreadable):
        return {}
    return {key: pace for key, pace in paces.items() if pace.seconds_per_second > 0}
