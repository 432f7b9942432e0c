"""A library of songs in stems, as the doctor found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from stemdesk.app.training.errand import Errand, Event
from stemdesk.errors import UserError
from stemdesk.processes import training_command

if TYPE_CHECKING:
    from pathlib import Path

DOCTOR = "stemdesk_training.doctor"
MIXTURE = "mixture"

Judgement = Literal["pass", "fixable", "reject"]


class Finding(msgspec.Struct, frozen=True):
    """One thing the doctor says.

    Attributes:
        kind: a short name.
        verdict: `note`, `fixable` or `reject`.
        part: stem or mixture; empty for the whole song.
        text: one sentence.
    """

    kind: str
    verdict: str
    part: str = ""
    text: str = ""


class Source(msgspec.Struct, frozen=True):
    """A file that a part is made of.

    Attributes:
        path: of the file.
        stream: which audio stream of a container.
        channel: only this channel; None for all.
    """

    path: str
    stream: int = 0
    channel: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the part is all that the file holds."""
        return self.stream == 0 and self.channel is None


class Part(msgspec.Struct, frozen=True):
    """A stem, or the mixture.

    Attributes:
        files: whose sum it is.
        seconds: its length; 0 where it cannot be read.
        sample_rate: Hz.
        envelope: peaks of equal stretches, for a picture.
    """

    files: tuple[Source, ...] = ()
    seconds: float = 0.0
    sample_rate: int = 0
    envelope: tuple[float, ...] = ()


class Song(msgspec.Struct, frozen=True):
    """A song with its verdict.

    Attributes:
        name: unique in its library.
        verdict: `pass`, `fixable` or `reject`.
        findings: what was found, the worst first.
        seconds: its length.
        split: `train`, `valid`, `test`, or empty.
        parts: stem -> what it is made of; the mixture as `mixture`.
    """

    name: str = msgspec.field(name="song")
    verdict: Judgement = "pass"
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    split: str = ""
    parts: dict[str, Part] = {}

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems there are."""
        return tuple(name for name in self.parts if name != MIXTURE)

    @property
    def sources(self) -> tuple[Source, ...]:
        """All files."""
        return tuple(source for part in self.parts.values() for source in part.files)


class LibraryCheck(Errand):
    """Has the doctor look at a library; the result is a tuple of :class:`Song`.

    Args:
        folder: of the library; nothing in it is changed.
        fix: where repaired copies of fixable songs go; None for none.
        only: which songs are repaired; empty for all.
        listens: whether a model hears if stems are what they are called, which takes longer.
    """

    def __init__(
        self,
        folder: Path,
        fix: Path | None = None,
        only: tuple[str, ...] = (),
        *,
        listens: bool = False,
    ) -> None:
        wishes = [str(folder), "--events"]
        if not listens:
            wishes.append("--no-model")
        if fix is not None:
            wishes += ["--fix", str(fix), *(f"--song={name}" for name in only)]
        super().__init__(training_command(DOCTOR, *wishes), f"The check of {folder.name}")
        self.folder, self.fix = folder, fix
        self._songs: list[Song] = []
        self._is_done = False

    def take(self, event: Event) -> None:
        """See the doctor's own `--events`."""
        if event["event"] == "progress":
            super().take({**event, "stage": f"Checking {event['song']}" if event["song"] else ""})
        elif event["event"] == "song":
            self._songs.append(msgspec.convert(event, Song))
        elif event["event"] == "refused":
            self._fail(UserError(event["problem"], event["remedy"]))
        elif event["event"] == "done":
            self._is_done = True

    def outcome(self) -> tuple[Song, ...]:
        """The songs.

        Raises:
            UserError: it ended without having told them all.
        """
        if not self._is_done:
            raise UserError(f"{self.title} ended too early", "try again")
        return tuple(self._songs)
