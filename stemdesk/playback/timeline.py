"""Where in the song a frame that is heard comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Loop:
    """A part that repeats.

    Attributes:
        first_frame: where it begins.
        end_frame: the frame after its last.
        crossfade_frames: so many frames before the end are blended with equal gain into those
            that lead to `first_frame`; 0 for a cut, which repeats every frame as it is.
    """

    first_frame: int
    end_frame: int
    crossfade_frames: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.first_frame < self.end_frame or self.crossfade_frames < 0:
            raise ValueError(f"no such loop: {self}")

    @property
    def frames(self) -> int:
        """Length."""
        return self.end_frame - self.first_frame

    @property
    def seam_frames(self) -> int:
        """Length of the crossfade there is room for: none for a loop from the very beginning."""
        return min(self.crossfade_frames, self.first_frame, self.frames)


@dataclass(frozen=True)
class Timeline:
    """How a passage runs through the song.

    Attributes:
        start_frame: frame of the song it begins with.
        loop: repeats for ever once its end is reached; without effect when the passage begins
            at or behind its end.
        speed: frames of the song per frame played, pitch kept.
    """

    start_frame: int
    loop: Loop | None = None
    speed: float = 1.0

    @property
    def active_loop(self) -> Loop | None:
        """The loop, if this passage ever comes to it."""
        if self.loop is None or self.start_frame >= self.loop.end_frame:
            return None
        return self.loop

    def source_frame(self, frames: float) -> float:
        """Frame of the song, after so many frames of it have been played."""
        frame = max(0.0, self.start_frame + frames)
        loop = self.active_loop
        if loop is None or frame < loop.end_frame:
            return frame
        return loop.first_frame + (frame - loop.first_frame) % loop.frames
