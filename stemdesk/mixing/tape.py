"""What was rendered lately, kept so that it can be mixed again after a change."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stemdesk.mixing.bus import BusState
    from stemdesk.mixing.effects.effect import Block
    from stemdesk.mixing.way import Way


@dataclass(eq=False)
class Take:
    """One quantum, or several that were rendered as one.

    Attributes:
        first: position of its first frame when it leaves the mixer.
        way: through the song.
        sounds: strip name -> `[channels, n]` after its effects, all in step.
        position: where on the way these come from, all equally late.
        drop: so many frames are not heard, for effects were filling up.
        fade: gains `[n - drop]` of what is heard, or None.
        before: how the bus stood before it was mixed, the last time.
        bus: the strips' sum, before the master's effects, the last time.
        out: what left the mixer, the last time.
    """

    first: int
    way: Way
    sounds: dict[str, Block]
    position: int
    drop: int
    fade: Block | None
    before: BusState | None = None
    bus: Block | None = None
    out: Block | None = None

    @property
    def rendered_frames(self) -> int:
        """Frames of it that were rendered."""
        frames: int = next(iter(self.sounds.values())).shape[1]
        return frames

    @property
    def frames(self) -> int:
        """Frames of it that are heard."""
        return self.rendered_frames - self.drop


class Tape:
    """Takes in the order in which they are heard; those long past are let go.

    Attributes:
        next: number of the take that is read next; all before it have been.
        mixed: number of the first take that is not mixed with what is known now.
    """

    def __init__(self) -> None:
        self._takes: deque[Take] = deque()
        self.next = self.mixed = 0
        self.is_whole = True

    def wipe(self) -> None:
        """Begin anew."""
        self._takes.clear()
        self.next = self.mixed = 0
        self.is_whole = True

    def take(self) -> Take | None:
        """The take to be read next, which is read herewith; None if it is still to be rendered."""
        if self.next == len(self._takes):
            return None
        self.next += 1
        return self._takes[self.next - 1]

    def append(self, take: Take, kept_frames: int) -> None:
        """Add what is rendered, and let go what lies further back than `kept_frames`."""
        self._takes.append(take)
        while self.next and self._takes[0].first + kept_frames < take.first:
            self._takes.popleft()
            self.next, self.mixed = self.next - 1, max(0, self.mixed - 1)
            self.is_whole = False

    def find(self, position: int) -> int | None:
        """The number of the take that holds a position; None if it is not there."""
        for number in range(len(self._takes) - 1, -1, -1):
            take = self._takes[number]
            if take.first <= position:
                return number if position < take.first + take.frames else None
        return None

    def between(self, first: int, end: int) -> Sequence[Take]:
        """Takes by number."""
        return tuple(islice(self._takes, first, end))

    def __getitem__(self, number: int) -> Take:
        """A take by number."""
        return self._takes[number]
