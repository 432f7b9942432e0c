"""The selected stretch: two ends, one of which moves, over one or more lanes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stemdesk.project.document import Span


@dataclass(frozen=True)
class Selection:
    """What is selected.

    Attributes:
        anchor_frame: the end that stays.
        head_frame: the end that the hand or the keys move.
        anchor_lane: lane in which it began.
        head_lane: lane to which it reaches.
    """

    anchor_frame: int
    head_frame: int
    anchor_lane: str
    head_lane: str

    @property
    def span(self) -> Span | None:
        """From its first frame to the one after its last; None while it is empty."""
        first, end = sorted((self.anchor_frame, self.head_frame))
        return Span(first_frame=first, end_frame=end) if end > first else None

    def lanes(self, order: tuple[str, ...]) -> tuple[str, ...]:
        """The lanes it covers, of those that are shown."""
        if self.anchor_lane not in order or self.head_lane not in order:
            return tuple(lane for lane in order if lane in (self.anchor_lane, self.head_lane))
        first, last = sorted((order.index(self.anchor_lane), order.index(self.head_lane)))
        return order[first : last + 1]

    def moved(self, frame: int, song_frames: int) -> Selection:
        """With its moving end elsewhere, within the song."""
        return replace(self, head_frame=min(song_frames, max(0, frame)))

    def turned(self) -> Selection:
        """With the other end as the one that moves."""
        return replace(self, anchor_frame=self.head_frame, head_frame=self.anchor_frame)

    def grabbed(self, frame: int) -> Selection:
        """With the end nearer to a frame as the one that moves."""
        near_head = abs(frame - self.head_frame) <= abs(frame - self.anchor_frame)
        return self if near_head else self.turned()
