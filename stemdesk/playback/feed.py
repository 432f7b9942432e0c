"""A source read along a timeline, loops included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stemdesk.playback.fades import fade_in

if TYPE_CHECKING:
    from stemdesk.playback.source import Block, Source
    from stemdesk.playback.timeline import Loop, Timeline

LOUDEST = 1e6  # 120 dB over full scale: more is taken for garbage, before it spreads in filters


class Feed:
    """The frames of a source in the order in which they are played; endless while it loops.

    Args:
        source: sought to the timeline's start at once.
        timeline: its speed is not the feed's affair.
        keep_sound: see :meth:`stemdesk.playback.source.Source.seek`.

    Attributes:
        sample_rate: the source's, Hz.
        channels: the source's.
    """

    def __init__(self, source: Source, timeline: Timeline, *, keep_sound: bool = False) -> None:
        self.sample_rate = source.sample_rate
        self.channels = source.channels
        self._source = source
        self._loop = timeline.active_loop
        self._frame = timeline.start_frame
        self._seam: Block = np.zeros((source.channels, 0), np.float32)
        source.seek(timeline.start_frame, keep_sound=keep_sound)

    def read(self, frames: int) -> Block:
        """The next frames `[channels, n]`; fewer than asked for only at the end.

        NaN, infinity and numbers beyond 120 dBFS come out as 0.

        Raises:
            ValueError: The source returned something that is not `[channels, at most frames]`.
        """
        parts: list[Block] = []
        missing = frames
        while missing:
            part = self._read(missing)
            if part.shape[1] == 0:
                break
            parts.append(part)
            missing -= part.shape[1]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate([np.zeros((self.channels, 0), np.float32), *parts], axis=1)

    def _read(self, frames: int) -> Block:
        loop = self._loop
        if loop is None:
            return self._read_source(frames)
        if self._seam.shape[1]:
            part, self._seam = self._seam[:, :frames], self._seam[:, frames:]
            return part
        if self._frame == loop.end_frame:
            self._source.seek(loop.first_frame, keep_sound=True)
            self._frame = loop.first_frame
        seam_first = loop.end_frame - loop.seam_frames
        if self._frame < seam_first:
            part = self._read_source(min(frames, seam_first - self._frame))
            self._frame += part.shape[1]
            return part
        self._seam = self._crossfade(loop)
        self._frame = loop.first_frame
        return self._read(frames) if self._seam.shape[1] else self._seam

    def _crossfade(self, loop: Loop) -> Block:
        """The rest of the loop, blended into what leads to its beginning."""
        frames = loop.end_frame - self._frame
        leaving = self._read_source(frames)
        frames = leaving.shape[1]
        self._source.seek(loop.first_frame - frames, keep_sound=True)
        entering = self._read_source(frames)
        rise = fade_in(frames)
        return leaving * (1 - rise) + entering * rise

    def _read_source(self, frames: int) -> Block:
        block = np.asarray(self._source.read(frames), np.float32)
        if block.ndim != 2 or block.shape[0] != self.channels or block.shape[1] > frames:
            raise ValueError(
                f"asked for [{self.channels}, {frames}] frames, the source gave {list(block.shape)}"
            )
        if block.size and not np.abs(block).max() <= LOUDEST:  # so that NaN is caught as well
            return np.where(np.abs(block) <= LOUDEST, block, np.float32(0.0))
        return block
