"""The render-ahead ring: one thread renders into it, the audio callback copies out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemdesk.playback.timeline import Timeline

    Interleaved = NDArray[np.float32]  # [frames, channels], as sound cards want it


@dataclass(frozen=True, eq=False)
class Passage:
    """What was rendered in one go: a stretch of the ring, and where in the song it comes from.

    Frames of the ring are counted without end; a new passage begins behind the one before it.

    Attributes:
        first: its first frame in the ring.
        timeline: its way through the song.
        axis: passages of one axis render the same playing, afresh: the callback passes from one
            to the other without losing its place.
        axis_first: where on its axis the passage begins, in frames played.
    """

    first: int
    timeline: Timeline
    axis: int = 0
    axis_first: int = 0

    def frame_after(self, other: Passage, frame: int) -> int:
        """The frame of the ring to go on with in this passage after leaving another."""
        if other is self:
            return frame
        if other.axis != self.axis:
            return self.first
        played = other.axis_first + frame - other.first
        return self.first + max(0, played - self.axis_first)


class Head(NamedTuple):
    """What the render thread tells the callback, all at once.

    Attributes:
        passage: what to play.
        limit: the frame of the ring behind the last that may be played.
        is_ended: nothing will follow behind `limit`.
        is_audible: play, or be silent.
    """

    passage: Passage
    limit: int
    is_ended: bool
    is_audible: bool


class Ring:
    """Preallocated frames for one producer and one consumer, without locks.

    `head` belongs to the producer. Storing an attribute is atomic in Python, so the consumer sees
    one head or the next, never half of one; frames are written before the head that allows them.
    Where the consumer is, and so which frames may be overwritten, it says itself.

    Args:
        capacity_frames: how much it holds.
        channels: of the device.
        head: nothing to play yet.
    """

    def __init__(self, capacity_frames: int, channels: int, head: Head) -> None:
        self._frames: Interleaved = np.zeros((capacity_frames, channels), np.float32)
        self.capacity_frames = capacity_frames
        self.channels = channels
        self.head = head

    def put(self, frame: int, block: Interleaved) -> None:
        """Store `[frames, channels]` from a frame on."""
        at = frame % self.capacity_frames
        until_wrap = min(block.shape[0], self.capacity_frames - at)
        self._frames[at : at + until_wrap] = block[:until_wrap]
        self._frames[: block.shape[0] - until_wrap] = block[until_wrap:]

    def get(self, frame: int, out: Interleaved) -> None:
        """Fill `out [frames, channels]` from a frame on."""
        at = frame % self.capacity_frames
        until_wrap = min(out.shape[0], self.capacity_frames - at)
        out[:until_wrap] = self._frames[at : at + until_wrap]
        out[until_wrap:] = self._frames[: out.shape[0] - until_wrap]

    def row(self, frame: int) -> Interleaved:
        """One frame, `[channels]`."""
        row: Interleaved = self._frames[frame % self.capacity_frames]
        return row
