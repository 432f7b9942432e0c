"""Which part of the song is seen: frames to pixels and back, zooming and scrolling."""

from __future__ import annotations

from dataclasses import dataclass, replace

MAX_PX_PER_FRAME = 20.0
CLOSEST = 1.0 / MAX_PX_PER_FRAME  # frames a pixel


@dataclass(frozen=True)
class Viewport:
    """A view of a song, never beyond its ends.

    Only a song shorter than the view at the closest zoom leaves room on the right.

    Attributes:
        song_frames: length of the song, at least 1.
        width_px: of the lanes, at least 1, in logical pixels.
        first_frame: at the left edge; not always whole.
        frames_per_px: the zoom.
    """

    song_frames: int
    width_px: float
    first_frame: float = 0.0
    frames_per_px: float = 0.0

    def __post_init__(self) -> None:
        # Each view is mended as it is made, so that none can show what is not there.
        object.__setattr__(self, "song_frames", max(1, self.song_frames))
        object.__setattr__(self, "width_px", max(1.0, float(self.width_px)))
        zoom = self.frames_per_px or self.widest
        zoom = min(max(zoom, CLOSEST), self.widest)
        object.__setattr__(self, "frames_per_px", zoom)
        last = max(0.0, self.song_frames - self.width_px * zoom)
        object.__setattr__(self, "first_frame", min(max(0.0, self.first_frame), last))

    @property
    def widest(self) -> float:
        """Frames a pixel where the whole song is in view."""
        return max(CLOSEST, self.song_frames / self.width_px)

    @property
    def end_frame(self) -> float:
        """At the right edge."""
        return self.first_frame + self.width_px * self.frames_per_px

    @property
    def seen_frames(self) -> float:
        """How much is in view."""
        return self.width_px * self.frames_per_px

    def x(self, frame: float) -> float:
        """Where a frame lies, in pixels from the left edge."""
        return (frame - self.first_frame) / self.frames_per_px

    def frame_at(self, x: float) -> float:
        """What lies at a pixel, not rounded, not limited to the song."""
        return self.first_frame + x * self.frames_per_px

    def nearest_frame(self, x: float) -> int:
        """The whole frame nearest to a pixel, within the song (its end included)."""
        return min(self.song_frames, max(0, round(self.frame_at(x))))

    def zoomed(self, factor: float, at_px: float) -> Viewport:
        """Closer by a factor; what lies under `at_px` stays there unless an end comes into view."""
        frame = self.frame_at(at_px)
        zoom = min(max(self.frames_per_px / factor, CLOSEST), self.widest)
        return replace(self, frames_per_px=zoom, first_frame=frame - at_px * zoom)

    def scrolled(self, px: float) -> Viewport:
        """Later by so many pixels."""
        return replace(self, first_frame=self.first_frame + px * self.frames_per_px)

    def starting_at(self, frame: float) -> Viewport:
        """The same zoom elsewhere."""
        return replace(self, first_frame=frame)

    def resized(self, width_px: float) -> Viewport:
        """Another width; the zoom stays unless the whole song was in view, which stays whole."""
        whole = self.is_whole
        return replace(self, width_px=width_px, frames_per_px=0.0 if whole else self.frames_per_px)

    def fitted(self, first_frame: float, end_frame: float, margin_px: float = 0.0) -> Viewport:
        """A stretch, as large as it goes, in the middle of the view."""
        room = max(1.0, self.width_px - 2 * margin_px)
        zoom = min(max((end_frame - first_frame) / room, CLOSEST), self.widest)
        middle = (first_frame + end_frame) / 2
        return replace(self, frames_per_px=zoom, first_frame=middle - self.width_px / 2 * zoom)

    def revealing(self, frame: float, margin_px: float = 0.0) -> Viewport:
        """Scrolled as little as needed to have a frame in view."""
        margin = min(margin_px, self.width_px / 2) * self.frames_per_px
        if frame < self.first_frame + margin:
            return self.starting_at(frame - margin)
        if frame > self.end_frame - margin:
            return self.starting_at(frame + margin - self.seen_frames)
        return self

    @property
    def is_whole(self) -> bool:
        """Whether the whole song is in view."""
        return self.frames_per_px >= self.widest
