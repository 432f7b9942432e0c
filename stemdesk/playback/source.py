"""What can be played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Block = NDArray[np.float32]


class Source(Protocol):
    """Sound that can be read from anywhere: a file, a clip, a mixing graph.

    Only the player's render thread calls `seek` and `read`. What it reads it may read again: a
    loop, a seek, a change of speed and :meth:`stemdesk.playback.player.Player.refresh` all seek.
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

    def seek(self, frame: int, *, keep_sound: bool = False) -> None:
        """Let the next `read` begin at `frame`, 0 to `frames`.

        Args:
            frame: of the song.
            keep_sound: the same playing goes on, as where a loop wraps: echoes may ring on.
        """

    def read(self, frames: int) -> Block:
        """The next frames, float32 `[channels, frames]`; fewer and then 0 beyond the end."""
