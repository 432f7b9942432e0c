"""What a look at a container's structure finds, before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stemdesk.audio.splice import Extent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.audio.splice import Piece

CUT = "breaks off at {seconds} s, before the end its header states"
UNCLOSED = "does not state its length, so everything to its end was read"
NOT_FINISHED = "has no end mark, as a recording that was interrupted; everything there was read"
WRONG_LENGTH = "states a wrong length; everything there was read"
JOINED = "consists of {count} recordings joined together; all of them were read"
MIXED = "joins recordings with different sample rates or channels"
FIRST_ONLY = "joins recordings with different sample rates or channels, of which the first was read"
BEHIND = "has {count} bytes behind its end that are not audio; they were left out"
DAMAGED = "is damaged at {seconds} s"
DAMAGED_OFTEN = "is damaged in {count} places, the first of them at {seconds} s"
LENGTH_UNKNOWN = "does not state its length, which cannot be found"
BEGINS_INSIDE = "begins in the middle of a recording; everything from there on was read"
ENDS_INSIDE = "breaks off in the middle of a frame at {seconds} s; everything before it was read"
DOUBTFUL = "may be damaged, for its decoder met errors; everything it could decode was read"


@dataclass(frozen=True)
class Flaw:
    """Something that the listener of a file should know.

    Attributes:
        text: What the file does, to follow its name; `{seconds}` and `{count}` are holes.
        is_loss: Sound that was promised is missing, so that the file is refused unless the user
            accepts what is there.
        seconds: The place; None: where the sound ends.
        count: For its hole.
    """

    text: str
    is_loss: bool = False
    seconds: float | None = None
    count: int = 0

    def filled(self, end_seconds: float) -> str:
        """The text with its numbers; damage is placed as exactly as it can be known."""
        seconds = end_seconds if self.seconds is None else self.seconds
        is_near = self.text in (DAMAGED, DAMAGED_OFTEN)
        place = f"{seconds:.1f}" if is_near else f"{seconds:.3f}"
        return self.text.format(seconds=place, count=self.count)


@dataclass(frozen=True)
class Contents:
    """What is to be decoded, and what there is to say about it.

    Attributes:
        links: One virtual file for each recording, to be played one after the other.
        flaws: In no order.
        for_ffmpeg: Why libsndfile cannot read it, to follow the file's name; empty if it can.
        frames: As many as there must be, where only that is known.
        is_known: Its structure was understood.
    """

    links: tuple[tuple[Piece, ...], ...]
    flaws: tuple[Flaw, ...] = ()
    for_ffmpeg: str = ""
    frames: int | None = None
    is_known: bool = True

    def with_flaws(self, flaws: Sequence[Flaw]) -> Contents:
        """The same with more to say."""
        return replace(self, flaws=(*self.flaws, *flaws))


def damaged(places_seconds: Sequence[float]) -> tuple[Flaw, ...]:
    """Damage at some places, in their order; nothing where there are none."""
    if not places_seconds:
        return ()
    count = len(places_seconds)
    text = DAMAGED if count == 1 else DAMAGED_OFTEN
    return (Flaw(text, is_loss=True, seconds=places_seconds[0], count=count),)


def trailing(count: int) -> tuple[Flaw, ...]:
    """Bytes behind the end that are not audio; a single one only fills up."""
    return (Flaw(BEHIND, count=count),) if count > 1 else ()


def whole(start: int, end: int, *flaws: Flaw) -> Contents:
    """A file that can be read as it lies."""
    return Contents(((Extent(start, end),),), flaws)


def joined(contents: Sequence[Contents]) -> Contents:
    """Recordings one after the other; what lies behind all but the last is the next of them."""
    if len(contents) == 1:
        return contents[0]
    flaws = [flaw for part in contents for flaw in part.flaws]
    links = tuple(link for part in contents for link in part.links)
    return Contents(links, (*flaws, Flaw(JOINED, count=len(links))))
