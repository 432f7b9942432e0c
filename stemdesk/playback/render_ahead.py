"""Renders ahead: keeps the ring filled for one device, and replaces what it holds after a seek."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from stemdesk.playback.chain import Chain
from stemdesk.playback.feed import Feed
from stemdesk.playback.outlet import Outlet
from stemdesk.playback.ring import Head, Passage, Ring
from stemdesk.playback.timeline import Timeline

if TYPE_CHECKING:
    from stemdesk.playback.source import Block, Source
    from stemdesk.playback.timeline import Loop


class RenderAhead:
    """The producer's side of a ring; every method but the positions is for one thread.

    After a seek the old sound goes on until half a ring of the new is rendered, behind it in the
    same ring; then the callback passes over. So the ring holds more than it renders ahead.

    Args:
        source: what is played.
        sample_rate: the device's, Hz.
        channels: the device's.
        ahead_ms: how much is rendered ahead.
        frame: of the song, to stand at until the first `cue`.

    Attributes:
        outlet: the callback for the device.
        busy_seconds: spent in rendering so far.
        rendered_frames: so far, at the device's rate.
        source_frames: the source's length when it was last asked; effects may lengthen a mix.
    """

    def __init__(
        self,
        source: Source,
        sample_rate: int,
        channels: int,
        ahead_ms: float,
        frame: int = 0,
    ) -> None:
        self.source_frames = source.frames
        self._source = source
        self._rates_ratio = source.sample_rate / sample_rate
        self._sample_rate = sample_rate
        self._ahead_frames = round(sample_rate * ahead_ms / 1000)
        self._ready_frames = self._ahead_frames // 2
        nothing = Passage(0, Timeline(frame))
        self._ring = Ring(
            3 * self._ahead_frames, channels, Head(nothing, 0, is_ended=False, is_audible=False)
        )
        self.outlet = Outlet(self._ring, sample_rate, self._ready_frames)
        self.busy_seconds = 0.0
        self.rendered_frames = 0
        self._passage = nothing
        self._written = 0
        self._feed: Feed | None = None
        self._chain: Chain | None = None
        self._rest: Block = np.zeros((channels, 0), np.float32)
        self._is_audible = False
        self._has_ended = False
        self._renewal: tuple[Loop | None, float] | None = None

    def cue(self, timeline: Timeline) -> None:
        """Play from somewhere else next."""
        self._renewal = None
        self._begin(timeline, Feed(self._source, timeline), self._passage.axis + 1, 0)

    def renew(self, loop: Loop | None, speed: float) -> None:
        """Render afresh what is not heard yet, with another loop or speed or a changed source.

        That begins with a full ring: then many in a row, as when a fader is dragged, are all
        heard on the way, and rendering may take 2/3 of the playing time before there are gaps.
        """
        self._renewal = (loop, speed)

    def sound(self) -> None:
        """Let the device sound as soon as enough is rendered."""
        self._is_audible = True

    def hush(self) -> None:
        """Let the device fall silent at once."""
        self._is_audible = False
        self._ring.head = self._ring.head._replace(is_audible=False)

    def halt(self) -> None:
        """Fall silent and render nothing more before the next `cue`."""
        self.hush()
        self._chain, self._renewal = None, None
        self._rest = self._rest[:, :0]

    def step(self) -> bool:
        """Renders one block if there is room; whether there was something to do."""
        is_busy = self._render()
        if self._renewal is not None and self._may_renew(is_busy=is_busy):
            self._renew(*self._renewal)
            is_busy = True
        self._publish()
        return is_busy

    def heard_frame(self, now_seconds: float) -> int:
        """Frame of the song that leaves the loudspeaker now, or will after a pause."""
        if self.outlet.has_played_all(now_seconds):
            return self.source_frames  # what was resampled or stretched may miss it by a little
        passage, frame = self.outlet.heard(now_seconds)
        return min(round(self._source_frame(passage, frame)), self.source_frames)

    def next_frame(self, now_seconds: float) -> int:
        """Like :meth:`heard_frame`, but after a seek its target, heard already or not."""
        passage, place = self._passage, self.outlet.place
        if place.passage is passage:
            return self.heard_frame(now_seconds)
        frame = passage.frame_after(place.passage, place.frame)
        return min(round(self._source_frame(passage, frame)), self.source_frames)

    def has_played_all(self, now_seconds: float) -> bool:
        """Whether the end of the song has been heard."""
        return self.outlet.has_played_all(now_seconds)

    @property
    def _is_complete(self) -> bool:
        return self._chain is None and self._rest.shape[1] == 0

    @property
    def _ahead(self) -> int:
        """Frames rendered of the newest passage that the callback has not come to yet."""
        place = self.outlet.place
        return self._written - self._passage.frame_after(place.passage, place.frame)

    @property
    def _is_ready(self) -> bool:
        return self._is_complete or self._ahead >= self._ready_frames

    def _begin(self, timeline: Timeline, feed: Feed, axis: int, axis_first: int) -> None:
        self.source_frames = self._source.frames
        chain = Chain(feed, timeline.speed, self._sample_rate, self._ring.channels)
        # What was rendered but never shown to the callback is overwritten.
        first = self._ring.head.limit
        self._passage = Passage(first, timeline, axis, axis_first)
        self._feed, self._chain = feed, chain
        self._has_ended = False
        self._rest = self._rest[:, :0]
        self._written = first

    def _may_renew(self, *, is_busy: bool) -> bool:
        # What renders too slowly never fills the ring.
        is_long = self._written - self._passage.first >= 4 * self._ahead_frames
        return self._ring.head.passage is self._passage and (is_long or not is_busy)

    def _renew(self, loop: Loop | None, speed: float) -> None:
        self._renewal = None
        assert self._feed is not None, "there is a passage"
        passage, place = self._passage, self.outlet.place
        played = passage.frame_after(place.passage, place.frame) - passage.first
        heard = round(played * self._rates_ratio * passage.timeline.speed)
        heard = min(heard, self._feed.frames)  # what was resampled or stretched may miss it
        start = int(passage.timeline.source_frame(heard))
        timeline = Timeline(min(start, self.source_frames), loop, speed)
        feed = Feed(self._source, timeline, self._feed.frames - heard)
        self._begin(timeline, feed, passage.axis, passage.axis_first + played)

    def _render(self) -> bool:
        if self._is_complete or self._ahead >= self._ahead_frames:
            return False
        if self._rest.shape[1] == 0:
            self._rest = self._next_block()
        # The frame before the callback's place stays: it is held when the ring runs dry.
        room = self._ring.capacity_frames - 1 - (self._written - self.outlet.place.frame)
        block, self._rest = self._rest[:, :room], self._rest[:, room:]
        self._ring.put(self._written, block.T)
        self._written += block.shape[1]
        return room > 0

    def _next_block(self) -> Block:
        assert self._chain is not None
        started = time.perf_counter()
        block = self._chain.read()
        self.source_frames = self._source.frames
        self.busy_seconds += time.perf_counter() - started
        if block is None:
            self._chain, self._has_ended = None, True
            return self._rest[:, :0]
        self.rendered_frames += block.shape[1]
        return block

    def _publish(self) -> None:
        head = self._ring.head
        if head.is_audible and head.passage is not self._passage and not self._is_ready:
            return  # the old sound goes on
        is_audible = self._is_audible and (head.is_audible or self._is_ready)
        self._ring.head = Head(self._passage, self._written, self._has_ended, is_audible)

    def _source_frame(self, passage: Passage, frame: float) -> float:
        played = (frame - passage.first) * self._rates_ratio
        return passage.timeline.source_frame(played * passage.timeline.speed)
