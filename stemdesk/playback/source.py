"""What can be played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.playback.timeline import Loop

    Block = NDArray[np.float32]


class Source(Protocol):
    """Sound that can be read from anywhere: a file, a clip, a mixing graph.

    Only the player's render thread calls `seek`, `renew` and `read`. Loops are the source's own
    affair, for only it can lead what sounds on over their seam.
    """

    @property
    def sample_rate(self) -> int:
        """Hz."""

    @property
    def channels(self) -> int:
        """1 to 8, in the order of WAVE files (left, right, centre, low effects, surrounds)."""

    @property
    def frames(self) -> int:
        """Length."""

    def seek(self, frame: int, loop: Loop | None = None) -> None:
        """Let the next `read` begin at `frame`, 0 to `frames`; what was read before is past.

        Args:
            frame: of the song.
            loop: repeats for ever once its end is reached, its seam cross-faded; without effect
                where `frame` is at or behind its end.
        """

    def renew(self, unheard_frames: int, loop: Loop | None = None) -> None:
        """Let the last frames that were read be read again: something has changed.

        The same playing goes on: what was read before these frames has been heard, echoes of it
        ring on, and these frames themselves have never been.

        Args:
            unheard_frames: so many, none to all since the last `seek`.
            loop: from now on, as in `seek`.
        """

    def read(self, frames: int) -> Block:
        """The next frames, float32 `[channels, frames]`; fewer and then 0 beyond the end."""


@runtime_checkable
class Capped(Protocol):
    """A source that keeps below a ceiling of its own, which playback is not to exceed either."""

    @property
    def ceiling_db(self) -> float:
        """In dBFS, as it is now; any thread."""
