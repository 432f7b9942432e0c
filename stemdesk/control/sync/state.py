"""What is known of a master that gives the time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import mido


class Lock(Enum):
    """How sure a follower is of its master."""

    STOPPED = "stopped"  # nothing runs, or it has been silent too long
    ACQUIRING = "acquiring"  # something runs, where is not known yet
    LOCKED = "locked"
    FREEWHEEL = "freewheel"  # silent for a moment: assumed to go on as it did


@dataclass(frozen=True)
class SyncState:
    """The master at one moment.

    Attributes:
        lock: how sure this is.
        position_seconds: where the master is in the song.
        speed: seconds of song per second; negative backwards, 0 while stopped.
        tempo_bpm: quarter notes a minute; None where the master does not tell.
    """

    lock: Lock
    position_seconds: float
    speed: float = 0.0
    tempo_bpm: float | None = None

    @property
    def running(self) -> bool:
        """Whether the master moves and it is known where."""
        return self.lock in (Lock.LOCKED, Lock.FREEWHEEL)


class Follower(Protocol):
    """Listens to a master."""

    def feed(self, message: mido.Message, seconds: float) -> None:
        """Hear a message that arrived at that time; those of other kinds are ignored."""

    def state(self, seconds: float) -> SyncState:
        """The master at a time, which does not lie before the last message."""
